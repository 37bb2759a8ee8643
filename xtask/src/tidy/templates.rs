//! Templates hold structure: no words, no addresses, no inline style or script.

use super::Complaint;
use super::tree::File;

/// Checks all HTML templates.
pub fn check(tree: &[File], complaints: &mut Vec<Complaint>) {
    for file in tree.iter().filter(|file| file.is("templates/", ".html")) {
        let bare = without_tags(&file.text);
        let mail = file.path.starts_with("templates/mail/");
        for (needle, what) in [
            ("href=\"/", "has an address written out; use url()"),
            ("action=\"/", "has an address written out; use url()"),
            (" onclick=", "has an inline script"),
            ("<style", "has an inline style sheet"),
        ] {
            if file.text.contains(needle) && !mail {
                complaints.push(Complaint::new(&file.path, what, ""));
            }
        }
        if file.text.contains(" style=\"") && !mail {
            complaints.push(Complaint::new(&file.path, "has an inline style", ""));
        }
        if let Some(words) = words(&bare) {
            let what = "has words of its own; use t()";
            complaints.push(Complaint::new(&file.path, what, words));
        }
    }
}

/// The text with template tags, comments, HTML tags and values of attributes removed.
fn without_tags(text: &str) -> String {
    let mut bare = text.to_owned();
    let pairs =
        [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<!--", "-->"), ("<", ">"), ("\"", "\"")];
    for (open, close) in pairs {
        bare = remove_between(&bare, open, close);
    }
    bare
}

pub(super) fn remove_between(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = after.split_once(close).map_or("", |(_, behind)| behind);
    }
    kept + rest
}

/// Attributes that stand alone: macros write them where no tag is seen around them.
const SWITCHES: [&str; 5] = ["checked", "disabled", "hidden", "required", "selected"];

/// The first word of at least two letters that is left. What has an equals sign is an attribute.
fn words(bare: &str) -> Option<String> {
    bare.split_whitespace()
        .filter(|token| !token.contains('=') && !SWITCHES.contains(token))
        .flat_map(|token| token.split(|c: char| !c.is_alphabetic() && c != '&' && c != ';'))
        .find(|word| {
            let entity = word.starts_with('&') && word.ends_with(';');
            !entity && word.chars().filter(|c| c.is_alphabetic()).count() > 1
        })
        .map(str::to_owned)
}
