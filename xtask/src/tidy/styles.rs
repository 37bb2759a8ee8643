//! Colours are named in tokens.css and nowhere else.

use super::Complaint;
use super::tree::File;

/// Checks all style sheets.
pub fn check(tree: &[File], complaints: &mut Vec<Complaint>) {
    let sheets = tree.iter().filter(|file| file.is("assets/css/", ".css"));
    for file in sheets.filter(|file| !file.path.ends_with("tokens.css")) {
        for (number, line) in file.text.lines().enumerate() {
            let colour = ["#", "rgb(", "hsl(", "oklch("].iter().any(|form| {
                line.split_once(':').is_some_and(|(_, value)| {
                    value.split(form).skip(1).any(|rest| match *form {
                        "#" => {
                            rest.chars().take_while(char::is_ascii_hexdigit).count() >= 3
                                && !line.contains("url(")
                        }
                        _ => !rest.starts_with("from "),
                    })
                })
            });
            if colour {
                let at = format!("line {}", number + 1);
                complaints.push(Complaint::new(&file.path, "has a colour of its own", at));
            }
        }
    }
}
