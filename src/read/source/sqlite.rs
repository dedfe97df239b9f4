//! SQLite databases: the rows of one query, which the user writes, become text.
//!
//! Nothing beside or in the database changes, not even by a lock: it is opened as immutable, or, where a log lies
//! beside it, copied together with the log. The query runs once, into a temporary file.

use std::fmt::Write as _;
use std::fs::Metadata;
use std::io::Read;
use std::path::PathBuf;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Statement};

use super::rows::{Cell, Form, Spool, write_row};
use super::table::{Converted, Packed};
use crate::error::{Error, Result};
use crate::read::settings::ReadSettings;
use crate::text::json::parse;
use crate::text::sanitize::excerpt;

/// Tables that are listed, and columns of each: more hide the one that is meant.
const LISTED: u32 = 20;
/// Rows up to which a table is counted for the list; counting reads the whole table.
const COUNTED: u64 = 1_000_000;
/// Longest cell in bytes, at least: what SQLite itself takes by default is a thousand times more.
const CELL_BYTES: usize = 1 << 20;

/// The rows of the query of the settings.
pub(super) fn convert(file: &Packed, settings: &ReadSettings) -> Result<Converted> {
    let name = &file.name;
    let held = Held::of(file)?;
    let mut database = held.open(settings).map_err(|error| broken(name, &error))?;
    let Some(query) = &settings.query else {
        return Err(query_needed(name, &database));
    };
    database.authorizer(Some(only_reading)).map_err(|error| broken(name, &error))?;
    let converted = match statement(&database, query, name) {
        Ok(statement) => rows(statement, file, settings),
        Err(error) => Err(error),
    };
    // The list is made without the guard, since it asks for what a query may not.
    let none: Option<fn(AuthContext<'_>) -> Authorization> = None;
    database.authorizer(none).map_err(|error| broken(name, &error))?;
    let converted = converted.map_err(|error| match error {
        Failure::Query(says, way) => {
            let tables = listed(&database).map_or_else(|_| String::new(), |tables| tables.sentence());
            Error::usage(format!("the query on `{name}` fails: {says}"))
                .with_hint(format!("{}{tables}", way.unwrap_or_default()))
        }
        Failure::Database(error) => broken(name, &error),
        Failure::Other(error) => error,
    })?;
    held.unchanged(name)?;
    Ok(converted)
}

/// The way out for a database that cannot be read.
const DAMAGED: &str =
    "the file is cut short, damaged or encrypted: get it again, or look with `sqlite3 FILE .recover`";

/// Why there are no rows.
enum Failure {
    /// The query is to blame: what SQLite says, and a way out.
    Query(String, Option<String>),
    /// The database is to blame.
    Database(rusqlite::Error),
    /// Something else, such as a full disk.
    Other(Error),
}

/// A database as it may be opened.
struct Held {
    path: PathBuf,
    /// The folder of the copy, and the files that were copied, where there is a log beside the database.
    copy: Option<tempfile::TempDir>,
    originals: Vec<(PathBuf, Metadata)>,
}

impl Held {
    /// The database where it is, or copied with its log: what stands in the log is part of the data, and reading it in
    /// place would write beside it.
    fn of(file: &Packed) -> Result<Self> {
        let cannot = |error: std::io::Error| {
            Error::input(format!("cannot read the database `{}`: {error}", file.name)).with_hint(DAMAGED)
        };
        let path = file.path().to_owned();
        let mut originals = vec![(path.clone(), std::fs::metadata(&path).map_err(cannot)?)];
        for suffix in ["-wal", "-journal"] {
            let mut log = path.clone().into_os_string();
            log.push(suffix);
            let log = PathBuf::from(log);
            if let Ok(metadata) = std::fs::metadata(&log)
                && metadata.len() > 0
            {
                originals.push((log, metadata));
            }
        }
        if originals.len() == 1 {
            whole(file).map_err(cannot)?;
            return Ok(Self { path, copy: None, originals });
        }
        let folder = tempfile::tempdir().map_err(cannot)?;
        let copy = folder.path().join("copy");
        for (original, _) in &originals {
            let suffix = original.as_os_str().as_encoded_bytes().get(path.as_os_str().len()..);
            let suffix = suffix.and_then(|suffix| std::str::from_utf8(suffix).ok()).unwrap_or_default();
            std::fs::copy(original, folder.path().join(format!("copy{suffix}"))).map_err(cannot)?;
        }
        let held = Self { path: copy, copy: Some(folder), originals };
        held.unchanged(&file.name)?;
        Ok(held)
    }

    fn open(&self, settings: &ReadSettings) -> rusqlite::Result<Connection> {
        let (mut uri, mut flags) = (String::from("file:"), OpenFlags::SQLITE_OPEN_URI);
        for byte in self.path.as_os_str().as_encoded_bytes() {
            match byte {
                b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                    uri.push(char::from(*byte));
                }
                other => {
                    let _ = write!(uri, "%{other:02x}");
                }
            }
        }
        if self.copy.is_some() {
            // Ours, and its log has to be worked in.
            flags |= OpenFlags::SQLITE_OPEN_READ_WRITE;
        } else {
            flags |= OpenFlags::SQLITE_OPEN_READ_ONLY;
            uri.push_str("?mode=ro&immutable=1");
        }
        let database = Connection::open_with_flags(uri, flags)?;
        for (what, on) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            // Views may not call what touches the world, whoever wrote them.
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        ] {
            database.set_db_config(what, on)?;
        }
        let longest = settings.limits.record_bytes.max(CELL_BYTES);
        database.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::try_from(longest).unwrap_or(i32::MAX))?;
        database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        database.pragma_update(None, "query_only", true)?;
        database.pragma_update(None, "cell_size_check", true)?;
        // The first look at the file, so that what is no database shows here.
        database.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(database)
    }

    /// Nobody wrote while it was read.
    fn unchanged(&self, name: &str) -> Result<()> {
        let same = |(path, before): &(PathBuf, Metadata)| {
            std::fs::metadata(path)
                .is_ok_and(|now| now.len() == before.len() && now.modified().ok() == before.modified().ok())
        };
        if self.originals.iter().all(same) {
            return Ok(());
        }
        Err(Error::input(format!("`{name}` changed while it was read"))
            .with_hint("stop the program that writes into it, or copy it with `sqlite3 FILE .backup COPY`"))
    }
}

/// A database that is cut short is an error, even where the query asks for nothing that is missing. Its first page says
/// how many pages there are ("Database File Format", 1.3, sqlite.org).
fn whole(file: &Packed) -> std::io::Result<()> {
    let mut opened = std::fs::File::open(file.path())?;
    let mut head = [0; 100];
    opened.read_exact(&mut head)?;
    let number = |at: usize| {
        head.get(at..at + 4).map_or(0, |bytes| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let page = match number(16) >> 16 {
        1 => 65_536,
        bytes => bytes,
    };
    // Only believed where the program that wrote last kept it.
    if number(24) == number(92) && number(28) * page > opened.metadata()?.len() {
        return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it is cut short"));
    }
    Ok(())
}

/// What a query may do: read, call functions, repeat itself. Chance is refused, since the same input gives the same
/// bytes.
fn only_reading(asked: AuthContext<'_>) -> Authorization {
    match asked.action {
        AuthAction::Select | AuthAction::Read { .. } | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Function { function_name } => {
            let refused = ["random", "randomblob", "load_extension", "fts3_tokenizer"];
            if refused.iter().any(|name| function_name.eq_ignore_ascii_case(name)) {
                Authorization::Deny
            } else {
                Authorization::Allow
            }
        }
        _ => Authorization::Deny,
    }
}

fn statement<'a>(database: &'a Connection, query: &str, name: &str) -> Result<Statement<'a>, Failure> {
    let one = || Some("give one SELECT, or WITH … SELECT; ".to_owned());
    let statement = database.prepare(query).map_err(|error| match &error {
        rusqlite::Error::MultipleStatement => Failure::Query("it is more than one statement".into(), one()),
        _ if is_damage(&error) => Failure::Database(error),
        error if error.sqlite_error_code() == Some(rusqlite::ErrorCode::AuthorizationForStatementDenied) => {
            Failure::Query(
                "it does more than read, or calls on chance".into(),
                Some("nothing but SELECT is run, and without `random()`; ".into()),
            )
        }
        rusqlite::Error::SqlInputError { msg, .. } => Failure::Query(excerpt(msg, 300), None),
        error => Failure::Query(excerpt(&error.to_string(), 300), None),
    })?;
    if statement.is_explain() != 0 || !statement.readonly() || statement.column_count() == 0 {
        return Err(Failure::Query("it is no SELECT".into(), one()));
    }
    if statement.parameter_count() > 0 {
        let says = format!("it has a parameter that nobody fills in `{name}`");
        return Err(Failure::Query(says, Some("write the value into the query; ".into())));
    }
    Ok(statement)
}

/// Runs the query into a temporary file.
fn rows(mut statement: Statement<'_>, file: &Packed, settings: &ReadSettings) -> Result<Converted, Failure> {
    let cannot = |error: std::io::Error| Failure::Other(file.cannot_convert(&error));
    let ran = |error: rusqlite::Error| {
        if is_damage(&error) {
            Failure::Database(error)
        } else {
            Failure::Query(excerpt(&error.to_string(), 300), None)
        }
    };
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut spool = Spool::new(file.bytes(), settings.limits.ratio).map_err(cannot)?;
    let mut rows = statement.query([]).map_err(ran)?;
    let (mut form, mut structured, mut count) = (Form::Csv, vec![false; names.len()], 0u64);
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(ran)? {
        let mut values = Vec::with_capacity(names.len());
        for index in 0..names.len() {
            values.push(row.get_ref(index).map_err(ran)?);
        }
        if count == 0 {
            structured = values.iter().map(|value| is_list_of_objects(*value)).collect();
            form = Form::of(names.iter().map(String::as_str), structured.contains(&true), settings);
            if form == Form::Csv {
                let header: Vec<Cell<'_>> = names.iter().map(|name| Cell::Text(name.into())).collect();
                write_row(&mut out, form, &names, &header);
            }
        }
        let json = |index: usize| form == Form::JsonLines && structured.get(index) == Some(&true);
        let cells: Vec<Cell<'_>> =
            values.iter().enumerate().map(|(index, value)| cell(*value, json(index))).collect();
        write_row(&mut out, form, &names, &cells);
        spool.add(&out).map_err(cannot)?;
        out.clear();
        count += 1;
    }
    let (text, bytes) = spool.finish().map_err(cannot)?;
    Ok(Converted { part: None, text, bytes, form, rows: count, findings: Vec::new() })
}

/// Whether a column holds what the readers of JSON call messages: a list of objects.
fn is_list_of_objects(value: ValueRef<'_>) -> bool {
    let ValueRef::Text(text) = value else { return false };
    let begins = text.trim_ascii_start().first() == Some(&b'[');
    begins
        && parse(text).is_ok_and(|parsed| {
            parsed.value.as_array().is_some_and(|list| list.first().is_some_and(serde_json::Value::is_object))
        })
}

fn cell(value: ValueRef<'_>, json: bool) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(integer) => Cell::Json(integer.to_string()),
        ValueRef::Real(real) => Cell::of_float(real),
        ValueRef::Blob(bytes) => Cell::of_bytes(bytes),
        ValueRef::Text(text) => {
            // Line ends inside JSON would divide the line; only what is valid goes in as it is.
            let as_written = || std::str::from_utf8(text).ok().filter(|_| parse(text).is_ok());
            match json.then(as_written).flatten() {
                Some(written) => Cell::Json(written.replace(['\n', '\r'], " ")),
                None => Cell::of_text(text),
            }
        }
    }
}

/// A table or view, for the list in an error.
struct Table {
    name: String,
    columns: Vec<String>,
    rows: String,
}

struct Tables(Vec<Table>);

fn listed(database: &Connection) -> rusqlite::Result<Tables> {
    let mut tables = Vec::new();
    let mut found = database.prepare(
        "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
         ORDER BY name LIMIT ?1",
    )?;
    let mut found = found.query([LISTED])?;
    while let Some(row) = found.next()? {
        let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
        let mut columns = database.prepare("SELECT name FROM pragma_table_info(?1) LIMIT ?2")?;
        let columns = columns
            .query_map(rusqlite::params![name, LISTED], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        let rows = if kind == "view" {
            // To count a view is to run it, and a view may run for ever.
            "a view".to_owned()
        } else {
            let counted = format!(
                "SELECT count(*) FROM (SELECT 1 FROM \"{}\" LIMIT {})",
                name.replace('"', "\"\""),
                COUNTED + 1
            );
            match database.query_row(&counted, [], |row| row.get::<_, i64>(0)) {
                Ok(1) => "1 row".to_owned(),
                Ok(rows) if rows.unsigned_abs() > COUNTED => "more than a million rows".to_owned(),
                Ok(rows) => format!("{rows} rows"),
                Err(_) => "cannot be read".to_owned(),
            }
        };
        tables.push(Table { name, columns, rows });
    }
    Ok(Tables(tables))
}

impl Tables {
    fn sentence(&self) -> String {
        if self.0.is_empty() {
            return "the database has no tables".into();
        }
        let tables: Vec<String> = self
            .0
            .iter()
            .map(|table| {
                let columns: Vec<String> = table.columns.iter().map(|column| excerpt(column, 60)).collect();
                format!("`{}` ({}; {})", excerpt(&table.name, 60), columns.join(", "), table.rows)
            })
            .collect();
        format!("the tables are {}", tables.join(", "))
    }

    /// A query to begin with, on the table that looks most like messages.
    fn query(&self) -> Option<String> {
        let speaks = |table: &&Table| {
            ["messages", "message", "text", "body", "content", "completion", "answer"]
                .iter()
                .any(|known| table.columns.iter().any(|column| column.eq_ignore_ascii_case(known)))
        };
        let table = self.0.iter().find(speaks).or_else(|| self.0.first())?;
        let columns: Option<Vec<String>> = table.columns.iter().map(|column| quoted(column)).collect();
        Some(format!("SELECT {} FROM {}", columns?.join(", "), quoted(&table.name)?))
    }
}

/// A name as it stands in SQL between double quotes of a shell.
fn quoted(name: &str) -> Option<String> {
    const KEYWORDS: &[&str] = &[
        "check",
        "default",
        "from",
        "group",
        "index",
        "limit",
        "order",
        "references",
        "select",
        "set",
        "table",
        "to",
        "transaction",
        "values",
        "when",
        "where",
    ];
    let plain = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    let simple = name.bytes().all(plain)
        && !name.starts_with(|letter: char| letter.is_ascii_digit())
        && !KEYWORDS.iter().any(|keyword| name.eq_ignore_ascii_case(keyword));
    if simple && !name.is_empty() {
        return Some(name.to_owned());
    }
    let hazard = |letter: char| letter.is_control() || matches!(letter, ']' | '"' | '$' | '`' | '\\' | '!');
    (!name.contains(hazard)).then(|| format!("[{name}]"))
}

fn query_needed(name: &str, database: &Connection) -> Error {
    let error =
        Error::usage(format!("`{name}` is an SQLite database, and nothing says which rows are meant"));
    match listed(database) {
        Err(broken_list) => broken(name, &broken_list),
        Ok(tables) => {
            let query = tables.query().unwrap_or_else(|| "SELECT … FROM …".into());
            error.with_hint(format!("{}; say for example --query \"{query}\"", tables.sentence()))
        }
    }
}

/// Whether the file is to blame, not the query.
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase | SystemIoFailure))
}

fn broken(name: &str, error: &rusqlite::Error) -> Error {
    Error::input(format!("cannot read the database `{name}`: {}", excerpt(&error.to_string(), 300)))
        .with_hint(DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_sql_or_the_shell_would_stumble() {
        assert_eq!(quoted("text").as_deref(), Some("text"));
        assert_eq!(quoted("order").as_deref(), Some("[order]"));
        assert_eq!(quoted("Ticket id").as_deref(), Some("[Ticket id]"));
        assert_eq!(quoted("a$(b)"), None);
    }

    #[test]
    fn lists_of_objects_are_messages() {
        assert!(is_list_of_objects(ValueRef::Text(b" [{\"role\":\"user\"}]")));
        for other in ["[1]", "{}", "[", "[]", "text"] {
            assert!(!is_list_of_objects(ValueRef::Text(other.as_bytes())), "{other}");
        }
    }
}
