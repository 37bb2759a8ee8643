//! What differs, for people at a terminal.

use std::fmt::Write as _;

use portico_core::configuration::{Applied, Difference, DifferenceKind};
use serde_json::Value;
use similar::TextDiff;

/// All that differs, and what became of it.
pub fn outcome(applied: &Applied, dry_run: bool) -> String {
    let mut text = String::new();
    for difference in &applied.differences {
        write(&mut text, difference);
    }
    let count = match applied.differences.len() {
        0 => return "nothing to change\n".to_owned(),
        1 => "1 difference".to_owned(),
        more => format!("{more} differences"),
    };
    if !dry_run {
        return text + &format!("\n{count}, applied\n");
    }
    text += &format!("\n{count}; this was a dry run, nothing was changed\n");
    if !applied.removals.is_empty() {
        let removals = applied.removals.join(", ");
        text += &format!("to apply it say --remove, because it removes: {removals}\n");
    }
    text
}

fn write(text: &mut String, difference: &Difference) {
    let Difference { path, kind, before, after } = difference;
    let sign = match kind {
        DifferenceKind::Added => '+',
        DifferenceKind::Changed => '~',
        DifferenceKind::Removed => '-',
    };
    let long = |value: &Option<Value>| lines(value).is_some_and(|text| text.contains('\n'));
    // Writing into a String cannot fail.
    let _ = if long(before) || long(after) {
        let (was, is) = (lines(before).unwrap_or_default(), lines(after).unwrap_or_default());
        writeln!(text, "{sign} {path}:\n{}", by_line(was, is))
    } else {
        match (before.as_ref().map(short), after.as_ref().map(short)) {
            (Some(before), Some(after)) => writeln!(text, "{sign} {path}: {before} → {after}"),
            (Some(only), None) | (None, Some(only)) => writeln!(text, "{sign} {path}: {only}"),
            (None, None) => writeln!(text, "{sign} {path}: (not shown)"),
        }
    };
}

fn lines(value: &Option<Value>) -> Option<&str> {
    value.as_ref().and_then(Value::as_str)
}

/// One value in one line. Of a table it says no more than that it was one.
fn short(value: &Value) -> String {
    match value {
        Value::Object(fields) => match fields.get("name").and_then(Value::as_str) {
            Some(name) => format!("all of {name}"),
            None => "all of it".to_owned(),
        },
        other => other.to_string(),
    }
}

/// A text of several lines, compared line by line, indented.
fn by_line(before: &str, after: &str) -> String {
    let difference = TextDiff::from_lines(before, after);
    let unified =
        difference.unified_diff().context_radius(2).missing_newline_hint(false).to_string();
    let indented: Vec<String> = unified.lines().map(|line| format!("    {line}")).collect();
    indented.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn difference(
        path: &str,
        kind: DifferenceKind,
        (before, after): (Option<Value>, Option<Value>),
    ) -> Difference {
        Difference { path: path.to_owned(), kind, before, after }
    }

    #[test]
    fn differences_are_shown_as_they_are() {
        use DifferenceKind::{Added, Changed, Removed};
        let differences = vec![
            difference("organisation.name", Changed, (Some(json!("A")), Some(json!("B")))),
            difference("brands.B.name", Added, (None, Some(json!("B")))),
            difference("brands.Old", Removed, (Some(json!({"name": "Old"})), None)),
            difference("brands.B.smtp.password", Changed, (None, None)),
            difference(
                "brands.B.looks.css",
                Changed,
                (Some(json!("a {}\nb {}\n")), Some(json!("a {}\nc {}\n"))),
            ),
        ];
        let applied = Applied { applied: false, differences, removals: vec!["brand Old".into()] };
        assert_eq!(
            outcome(&applied, true),
            "~ organisation.name: \"A\" → \"B\"\n\
             + brands.B.name: \"B\"\n\
             - brands.Old: all of Old\n\
             ~ brands.B.smtp.password: (not shown)\n\
             ~ brands.B.looks.css:\n    @@ -1,2 +1,2 @@\n     a {}\n    -b {}\n    +c {}\n\
             \n5 differences; this was a dry run, nothing was changed\n\
             to apply it say --remove, because it removes: brand Old\n"
        );
        assert_eq!(outcome(&Applied::default(), false), "nothing to change\n");
    }
}
