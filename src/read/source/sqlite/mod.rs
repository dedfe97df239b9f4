//! SQLite databases: the rows of one query, which the user writes, become text.
//!
//! Nothing beside or in the database changes, not even by a lock: it is opened as immutable, or, where a log lies
//! beside it, copied together with the log ([`held`]). The query runs once, into a temporary file. Who wrote none, or one
//! that fails, is told what there is ([`tables`]).

mod held;
mod tables;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use super::rows::{Cell, Form, Spool, write_row};
use super::table::{Converted, Packed};
use crate::error::{Error, Result};
use crate::read::settings::ReadSettings;
use crate::text::json::parse;
use crate::text::sanitize::excerpt;
use held::Held;
use tables::listed;

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
    fn lists_of_objects_are_messages() {
        assert!(is_list_of_objects(ValueRef::Text(b" [{\"role\":\"user\"}]")));
        for other in ["[1]", "{}", "[", "[]", "text"] {
            assert!(!is_list_of_objects(ValueRef::Text(other.as_bytes())), "{other}");
        }
    }
}
