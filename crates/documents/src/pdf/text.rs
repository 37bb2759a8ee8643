//! Foreign text made fit for print.

/// A run of this many characters without a gap may be broken anywhere.
const LONGEST_WORD: usize = 26;
/// Nothing that is printed is longer than this.
const LONGEST_TEXT: usize = 4_000;
const ZERO_WIDTH_SPACE: char = '\u{200b}';
/// From Hebrew and Arabic on, a gap would change letters; Chinese and its kin need none.
const FIRST_JOINING_SCRIPT: char = '\u{590}';

/// `text` without what could mislead: control characters, overrides of the writing direction. What
/// no font has is the typesetter's to replace.
pub fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut run = 0_usize;
    for c in text.trim().chars().filter(|c| !is_dropped(*c)).take(LONGEST_TEXT) {
        let c = if c.is_whitespace() && c != '\n' { c.max(' ') } else { c };
        run = if c.is_whitespace() || c == '-' { 0 } else { run + 1 };
        if run > LONGEST_WORD && c < FIRST_JOINING_SCRIPT && !is_joined(&clean) {
            clean.push(ZERO_WIDTH_SPACE);
        }
        clean.push(c);
    }
    clean
}

/// `printable` for a line of its own; nothing where nothing is left.
pub fn line(text: &str) -> Option<String> {
    let line = printable(text).replace('\n', " ");
    (!line.is_empty()).then_some(line)
}

fn is_dropped(c: char) -> bool {
    let overrides_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    overrides_direction || c == '\r' || (c.is_control() && !c.is_whitespace())
}

/// Whether it prints nothing itself: joiners and variation selectors change their neighbour.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{2060}')
}

fn is_joined(before: &str) -> bool {
    before.ends_with(is_invisible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_is_gone() {
        assert_eq!(printable("a\u{202e}b\0c\u{7}\r\nd\te"), "abc\nd e");
        assert_eq!(line(" \n "), None);
    }

    #[test]
    fn a_long_word_can_be_broken_and_a_short_one_not() {
        assert_eq!(printable("billing@department.example"), "billing@department.example");
        let long = printable(&"x".repeat(40));
        assert_eq!(long.chars().filter(|c| *c == ZERO_WIDTH_SPACE).count(), 14);
        assert_eq!(long.replace(ZERO_WIDTH_SPACE, ""), "x".repeat(40));
    }
}
