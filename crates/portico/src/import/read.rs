//! Records out of JSON Lines and CSV files, one after the other, each with its line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use portico_core::records::parse_json;
use serde_json::{Map, Value};

/// Longest line or record, in bytes.
const MAX_RECORD: u64 = 4 * 1024 * 1024;

/// A record and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Located {
    /// Line in the file, from 1.
    pub line: u64,
    /// The record.
    pub value: Value,
}

/// What is read next.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// A record.
    Record(Located),
    /// Something that is none.
    Fault {
        /// Line in the file, from 1.
        line: u64,
        /// Why.
        reason: String,
    },
}

/// The records of a file.
pub struct Records {
    entries: Box<dyn Iterator<Item = anyhow::Result<Entry>> + Send>,
    read: Arc<AtomicU64>,
}

impl Records {
    /// How many bytes of the file were read.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }
}

impl Iterator for Records {
    type Item = anyhow::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next()
    }
}

/// The extension in lower case.
pub fn extension(file: &Path) -> String {
    file.extension().and_then(|text| text.to_str()).unwrap_or_default().to_lowercase()
}

/// Opens a file by its extension.
pub fn open(file: &Path) -> anyhow::Result<Records> {
    let opened = File::open(file).context("cannot open it")?;
    let read = Arc::new(AtomicU64::new(0));
    let counted = BufReader::new(Counted { inner: opened, read: Arc::clone(&read) });
    let entries: Box<dyn Iterator<Item = _> + Send> = match extension(file).as_str() {
        "jsonl" | "ndjson" | "json" => Box::new(json_lines(counted)),
        "csv" => Box::new(csv_rows(counted)?),
        other => anyhow::bail!("`.{other}` is not understood; use .jsonl, .ndjson, .csv or .xml"),
    };
    Ok(Records { entries, read })
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn json_lines(
    mut reader: impl BufRead + Send + 'static,
) -> impl Iterator<Item = anyhow::Result<Entry>> + Send {
    let mut line = 0;
    std::iter::from_fn(move || {
        loop {
            let mut bytes = Vec::new();
            line += 1;
            match (&mut reader).take(MAX_RECORD).read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(Err(error.into())),
            }
            let whole = bytes.last() == Some(&b'\n') || bytes.len() < MAX_RECORD as usize;
            if !whole {
                let reason = format!("the line is longer than {MAX_RECORD} bytes");
                return Some(skip_line(&mut reader).map(|()| Entry::Fault { line, reason }));
            }
            let text = bytes.trim_ascii().trim_ascii_start();
            // A byte order mark is no part of the first record.
            let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
            if text.is_empty() {
                continue;
            }
            return Some(Ok(match parse_json(text) {
                Ok(value) => Entry::Record(Located { line, value }),
                Err(error) => Entry::Fault { line, reason: format!("not JSON: {error}") },
            }));
        }
    })
}

fn skip_line(reader: &mut impl BufRead) -> anyhow::Result<()> {
    loop {
        let mut rest = Vec::new();
        let count = reader.take(MAX_RECORD).read_until(b'\n', &mut rest)?;
        if count == 0 || rest.last() == Some(&b'\n') {
            return Ok(());
        }
    }
}

fn csv_rows(
    reader: impl Read + Send + 'static,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<Entry>> + Send> {
    let mut rows =
        csv::ReaderBuilder::new().flexible(false).trim(csv::Trim::All).from_reader(reader);
    let header: Vec<String> = rows
        .headers()
        .context("the header cannot be read")?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').to_owned())
        .collect();
    Ok(rows.into_records().map(move |row| {
        Ok(match row {
            Ok(row) if row.iter().any(|cell| cell.contains('\0')) => {
                let line = row.position().map_or(0, csv::Position::line);
                let reason = "texts must not contain the character U+0000".to_owned();
                Entry::Fault { line, reason }
            }
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                Entry::Record(Located { line, value: object(&header, &row) })
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                Entry::Fault { line, reason: error.to_string() }
            }
        })
    }))
}

/// A row as an object: `billing_address.city` and `lines.0.description` reach into objects and
/// lists; empty cells are absent.
fn object(header: &[String], row: &csv::StringRecord) -> Value {
    let mut record = Value::Object(Map::new());
    for (name, cell) in header.iter().zip(row) {
        if !cell.is_empty() {
            put(&mut record, name, cell_value(name, cell));
        }
    }
    record
}

fn put(target: &mut Value, path: &str, value: Value) {
    let (first, rest) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
    let place = match (first.parse::<usize>(), &mut *target) {
        (Ok(index), Value::Array(items)) if index <= items.len() && index < 1_000 => {
            if index == items.len() {
                items.push(Value::Null);
            }
            &mut items[index]
        }
        (_, Value::Object(fields)) => fields.entry(first).or_insert(Value::Null),
        _ => return,
    };
    let Some(rest) = rest else {
        *place = value;
        return;
    };
    if place.is_null() {
        let list = rest.split('.').next().is_some_and(|next| next.parse::<usize>().is_ok());
        *place = if list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    put(place, rest, value);
}

/// Cells are texts, but for the fields that are integers or switches in the API.
fn cell_value(name: &str, cell: &str) -> Value {
    let field = name.rsplit('.').next().unwrap_or(name);
    let integer =
        field.ends_with("_minor") || matches!(field, "expiry_month" | "expiry_year" | "count");
    if integer && let Ok(number) = cell.parse::<i64>() {
        return number.into();
    }
    match (field, cell) {
        ("is_default", "true") => true.into(),
        ("is_default", "false") => false.into(),
        _ => cell.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entries(name: &str, content: &[u8]) -> Vec<Entry> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(name);
        std::fs::write(&file, content).expect("written");
        let records = open(&file).expect("opened");
        records.map(|entry| entry.expect("readable")).collect()
    }

    #[test]
    fn json_lines_know_their_line_and_go_on_after_a_fault() {
        let found = entries("a.jsonl", b"\xef\xbb\xbf{\"a\":1}\n\nnope\n{\"a\":2}");
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], Entry::Record(Located { line: 1, value: json!({"a": 1}) }));
        assert!(matches!(&found[1], Entry::Fault { line: 3, .. }));
        assert_eq!(found[2], Entry::Record(Located { line: 4, value: json!({"a": 2}) }));
    }

    /// As in the API: not every database can keep it, and one of two values would be lost.
    #[test]
    fn no_text_holds_nul_and_no_key_comes_twice() {
        let found = entries("a.jsonl", b"{\"a\":\"x\\u0000\"}\n{\"a\":1,\"a\":2}\n");
        assert!(found.iter().all(|entry| matches!(entry, Entry::Fault { .. })), "{found:?}");
        let found = entries("a.csv", b"name,metadata.x\nAna,a\0b\nBob,c\n");
        assert!(matches!(&found[0], Entry::Fault { line: 2, .. }), "{found:?}");
        assert!(matches!(&found[1], Entry::Record(Located { line: 3, .. })));
    }

    #[test]
    fn csv_headers_reach_into_objects_and_lists() {
        let csv = b"name,billing_address.city,lines.0.amount_minor,lines.1.amount_minor,x\n\
            Ana,\"Par\nis\",1,2,\nBob,,3\nEve,Rome,4,,\n";
        let found = entries("a.csv", csv);
        let first = json!({
            "name": "Ana", "billing_address": {"city": "Par\nis"},
            "lines": [{"amount_minor": 1}, {"amount_minor": 2}],
        });
        assert_eq!(found[0], Entry::Record(Located { line: 2, value: first }));
        assert!(matches!(&found[1], Entry::Fault { line: 4, .. }));
        assert!(matches!(&found[2], Entry::Record(Located { line: 5, .. })));
    }
}
