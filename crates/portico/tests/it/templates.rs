//! `portico templates`, as whoever changes a page uses it.

use std::fs;

use crate::program::{portico, printed};

#[test]
fn templates_are_exported_checked_and_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |verb: &str| {
        let output = portico(folder.path()).args(["templates", verb, "own"]).output();
        let output = output.expect("the program");
        (output.status.success(), printed(&output))
    };
    let (is_fine, text) = run("check");
    assert!(!is_fine && text.contains("is not a folder"), "{text}");
    let (is_fine, text) = run("export");
    assert!(is_fine, "{text}");
    let (is_fine, text) = run("check");
    assert!(is_fine && text.contains("Overridden: 0 templates"), "{text}");

    let page = folder.path().join("own/portal/invoices/list.html");
    let shipped = fs::read_to_string(&page).expect("a template");
    fs::write(&page, format!("{shipped}\n")).expect("a template");
    let (is_fine, text) = run("check");
    assert!(is_fine && text.contains("Overridden: 1 templates; faults: 0."), "{text}");

    fs::write(&page, "<h1>Own</h1>\n{{ nobody.name }}").expect("a template");
    let (is_fine, text) = run("check");
    assert!(!is_fine && text.contains("portal/invoices/list.html:2: undefined value"), "{text}");
    let (is_fine, text) = run("export");
    assert!(is_fine && text.contains("left alone, being changed: 1"), "{text}");
    assert_eq!(fs::read_to_string(&page).expect("a template").lines().next(), Some("<h1>Own</h1>"));

    fs::remove_file(folder.path().join("own/portico-templates.json")).expect("a manifest");
    let (_, text) = run("check");
    assert!(text.contains("it is not known which version"), "{text}");
    assert!(run("accept").0);
    assert!(!run("check").1.contains("it is not known which version"));
}
