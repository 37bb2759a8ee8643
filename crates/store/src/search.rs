//! Searching for words: case is folded here, since the engines do it differently.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a search that count.
const LONGEST: usize = 100;

/// What a record is found by: its texts, in lower case, one a line.
pub(crate) fn text(parts: &[Option<&str>]) -> String {
    let lines: Vec<String> = parts.iter().flatten().map(|part| part.to_lowercase()).collect();
    lines.join("\n")
}

/// The pattern of `LIKE … ESCAPE '\'` that finds `words` anywhere; it finds all where there are
/// none.
pub(crate) fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for character in words.trim().to_lowercase().chars().take(LONGEST) {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(if character.is_control() { ' ' } else { character });
    }
    if pattern.len() > 1 {
        pattern.push('%');
    }
    pattern
}

/// A name as it is searched and sorted by: without case, accents and needless space.
pub(crate) fn folded(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let bare = words.join(" ").nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>();
    bare.to_lowercase()
}

/// The column of a folded name: bytes, which all engines order alike.
pub(crate) fn name_key(name: &str) -> Vec<u8> {
    folded(name).into_bytes()
}

/// The keys of names that begin with `words`: from the first one up to before the second one.
pub(crate) fn name_range(words: &str) -> (Vec<u8>, Vec<u8>) {
    let first = name_key(&words.chars().take(LONGEST).collect::<String>());
    let mut beyond = first.clone();
    match beyond.last_mut() {
        // No byte of UTF-8 is the highest one.
        Some(last) => *last = last.saturating_add(1),
        None => beyond.push(u8::MAX),
    }
    (first, beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_how_they_begin_whatever_their_accents() {
        assert_eq!(folded("  Ñandú \u{a0} ÉLAN "), "nandu elan");
        let (first, beyond) = name_range("Mull");
        let within = |name: &str| (&first..&beyond).contains(&&name_key(name));
        assert!(within("Müller & Söhne") && within("MULL") && !within("Mul") && !within("Mum"));
        let (first, beyond) = name_range(" ");
        assert!((&first..&beyond).contains(&&name_key("山田")));
    }

    #[test]
    fn what_is_special_to_like_is_taken_literally() {
        assert_eq!(pattern("  50%_\\Ä "), "%50\\%\\_\\\\ä%");
        assert_eq!(pattern(" "), "%");
        assert_eq!(pattern("a\0b"), "%a b%");
        assert_eq!(text(&[Some("ÄB"), None, Some("c")]), "äb\nc");
    }
}
