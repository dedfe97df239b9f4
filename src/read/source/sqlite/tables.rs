//! What a database holds, for who has to write a query.

use rusqlite::Connection;

use crate::text::sanitize::excerpt;

/// Tables that are listed, and columns of each: more hide the one that is meant.
const LISTED: u32 = 20;
/// Rows up to which a table is counted for the list; counting reads the whole table.
const COUNTED: u64 = 1_000_000;

/// A table or view, for the list in an error.
struct Table {
    name: String,
    columns: Vec<String>,
    rows: String,
}

/// The tables of a database, by name.
pub(super) struct Tables(Vec<Table>);

/// Looks what there is to ask for.
pub(super) fn listed(database: &Connection) -> rusqlite::Result<Tables> {
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
    /// Them all in one sentence.
    pub(super) fn sentence(&self) -> String {
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
    pub(super) fn query(&self) -> Option<String> {
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
}
