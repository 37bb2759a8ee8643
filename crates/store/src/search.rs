//! Searching for words: case is folded here, since the engines do it differently.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_to_like_is_taken_literally() {
        assert_eq!(pattern("  50%_\\Ä "), "%50\\%\\_\\\\ä%");
        assert_eq!(pattern(" "), "%");
        assert_eq!(pattern("a\0b"), "%a b%");
        assert_eq!(text(&[Some("ÄB"), None, Some("c")]), "äb\nc");
    }
}
