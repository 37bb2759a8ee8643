//! Files that the core makes or keeps.

use serde::{Deserialize, Serialize};

/// A file to download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Name to save it under, ASCII, with its extension.
    pub file_name: String,
    /// Its type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A table to download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The file.
    pub document: Document,
    /// Whether rows were left out because there were more than fit.
    pub truncated: bool,
}

/// The form of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Office Open XML workbook.
    Xlsx,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Its type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
