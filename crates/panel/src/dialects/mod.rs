//! The dialects in which other systems' clients open portal sessions. All do what
//! `POST /api/v1/portal-sessions` does, and answer in the other system's words.

pub mod treli;
pub mod zenskar;
