//! Pages of sorted lists: where one begins, and how its cursors are made.
//!
//! A page is read after the sort key and identifier of a row, so that its cost does not depend on
//! how many rows lie before it. The page before a row is the page after it in the opposite order,
//! turned round.

use portico_billing::page::{Direction, Page};
use uuid::Uuid;

/// The sort key of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// A figure, a date or a time.
    Number(i64),
    /// A text.
    Text(String),
}

/// On which side of a row a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    After,
    Before,
}

/// Where a page begins: beside a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) side: Side,
    pub(crate) key: Key,
    pub(crate) id: Uuid,
}

impl Cursor {
    /// The opaque text that goes out: side, kind of key, identifier, key.
    pub(crate) fn encode(&self) -> String {
        let side = if self.side == Side::After { 'a' } else { 'b' };
        match &self.key {
            Key::Number(number) => format!("{side}n{}{number}", self.id.simple()),
            Key::Text(text) => format!("{side}t{}{text}", self.id.simple()),
        }
    }

    /// Reads the text back.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let side = match text.get(..1)? {
            "a" => Side::After,
            "b" => Side::Before,
            _ => return None,
        };
        let id = Uuid::try_parse(text.get(2..34)?).ok()?;
        let rest = text.get(34..)?;
        let key = match text.get(1..2)? {
            "n" => Key::Number(rest.parse().ok()?),
            // PostgreSQL takes no text with it.
            "t" if !rest.contains('\0') => Key::Text(rest.to_owned()),
            _ => return None,
        };
        Some(Self { side, key, id })
    }

    /// The order to read in, for a list that is shown in `direction`.
    pub(crate) fn reading_order(from: Option<&Self>, direction: Direction) -> Direction {
        match (from.map(|cursor| cursor.side), direction) {
            (Some(Side::Before), Direction::Asc) => Direction::Desc,
            (Some(Side::Before), Direction::Desc) => Direction::Asc,
            (_, direction) => direction,
        }
    }
}

/// Makes a page of up to `size` rows out of up to `size + 1` rows that were read from `from` on.
pub(crate) fn page<T>(
    mut rows: Vec<T>,
    size: usize,
    from: Option<&Cursor>,
    key: impl Fn(&T) -> (Key, Uuid),
) -> Page<T> {
    let more = rows.len() > size;
    rows.truncate(size);
    let backwards = from.is_some_and(|cursor| cursor.side == Side::Before);
    if backwards {
        rows.reverse();
    }
    let beside = |row: Option<&T>, side| {
        let (key, id) = key(row?);
        Some(Cursor { side, key, id }.encode())
    };
    let next = beside(rows.last().filter(|_| more || backwards), Side::After);
    let previous = match from {
        None => None,
        Some(_) if backwards && !more => None,
        Some(_) => beside(rows.first(), Side::Before),
    };
    Page { rows, next, previous }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_made() {
        let id = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
        for key in [Key::Number(-7), Key::Number(i64::MAX), Key::Text("INV/ñ 1".to_owned())] {
            for side in [Side::After, Side::Before] {
                let cursor = Cursor { side, key: key.clone(), id };
                assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
            }
        }
        let nul = format!("at{}a\0b", id.simple());
        let odd = "an0192000000007000800000000000000112x";
        for bad in ["", "a", "an", "zn0192", "añ", odd, &nul] {
            assert_eq!(Cursor::decode(bad), None, "{bad:?} was read");
        }
    }
}
