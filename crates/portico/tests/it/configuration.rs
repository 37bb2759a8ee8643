//! `portico config export` and `apply`, as whoever keeps settings in a file uses them.

use std::fs;

use crate::program::{Installation, portico, printed};

const BRAND: &str = r##"
[[brands]]
name = "Second"
domains = ["second.acme.test"]

[brands.looks]
accent = "#445566"
css = '''
.card {
  border: 0;
}
'''

[brands.smtp]
server = "mail.acme.test"
username = "acme"
password_from = { env = "ACME_SMTP_PASSWORD" }
from_address = "billing@acme.test"

[brands.texts.es]
fault-required = "Falta esto"
"##;

#[test]
fn a_file_is_exported_changed_tried_and_applied() {
    let installation = Installation::new("acme.test");
    let run = |args: &[&str]| {
        let output = portico(installation.path())
            .env("ACME_SMTP_PASSWORD", "s3cret-word")
            .args(["config"])
            .args(args)
            .output()
            .expect("the program");
        (output.status.success(), printed(&output))
    };
    let (is_fine, text) = run(&["export", "--output", "acme.toml"]);
    assert!(is_fine, "{text}");
    let file = installation.path().join("acme.toml");
    let exported = fs::read_to_string(&file).expect("a file");
    assert_eq!(run(&["apply", "acme.toml"]), (true, "nothing to change\n".to_owned()));

    let (head, rest) = exported.split_once("[[brands]]").expect("a brand");
    let changed = format!("{head}{}\n[[brands]]{rest}", BRAND.trim_start());
    let changed = changed.replace("Acme & Söhne", "Acme GmbH");
    fs::write(&file, &changed).expect("a file");
    let (is_fine, shown) = run(&["apply", "acme.toml", "--dry-run"]);
    assert!(is_fine, "{shown}");
    for part in [
        "~ organisation.name: \"Acme & Söhne\" → \"Acme GmbH\"\n",
        "+ brands.Second.looks.css:\n    @@ -0,0 +1,3 @@\n    +.card {\n",
        "~ brands.Second.smtp.password: (not shown)\n",
        "this was a dry run, nothing was changed\n",
    ] {
        assert!(shown.contains(part), "{part} is not in:\n{shown}");
    }
    assert!(!shown.contains("s3cret"), "{shown}");
    assert_eq!(run(&["export"]), (true, exported));
    let (is_fine, applied) = run(&["apply", "acme.toml"]);
    assert!(is_fine && applied.ends_with("applied\n"), "{applied}");
    assert_eq!(run(&["apply", "acme.toml"]), (true, "nothing to change\n".to_owned()));

    // Elsewhere, as it came out.
    let (_, exported) = run(&["export"]);
    assert!(!exported.contains("s3cret") && exported.contains("[brands.texts.es]"), "{exported}");
    let elsewhere = Installation::new("other.test");
    let server = "from_address = \"billing@acme.test\"";
    let password = "password_from = { file = \"password\" }";
    let brought = exported.replace(server, &format!("{password}\n{server}"));
    fs::write(elsewhere.path().join("password"), "s3cret-word\n").expect("a file");
    fs::write(elsewhere.path().join("acme.toml"), brought).expect("a file");
    let refused = elsewhere.run(&["config", "apply", "acme.toml"]);
    let text = printed(&refused);
    assert!(!refused.status.success() && text.contains("say --remove"), "{text}");
    let text = printed(&elsewhere.run(&["config", "apply", "acme.toml", "--remove"]));
    assert!(text.ends_with("applied\n"), "{text}");
    assert_eq!(printed(&elsewhere.run(&["config", "export"])), exported);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let installation = Installation::new("acme.test");
    let apply = |text: &str| {
        fs::write(installation.path().join("x.toml"), text).expect("a file");
        let output = installation.run(&["config", "apply", "x.toml"]);
        (output.status.success(), printed(&output))
    };
    let brand = "[[brands]]\nname = \"A\"\ndomains = [\"acme.test\"]\n";
    for (text, parts) in [
        ("format = 1\nopertors = []\n".to_owned(), vec!["line 2", "unknown field `opertors`"]),
        ("format = 7\n".to_owned(), vec!["x.toml:1: format: must be 1"]),
        (
            format!("format = 1\n{brand}[brands.looks]\ncss = \"@import 'x';\"\n"),
            vec!["x.toml:6: brands.0.looks.css: line 1"],
        ),
        (
            format!("format = 1\n{brand}return_origins = [\"nowhere\"]\n"),
            vec!["x.toml:5: brands.0.return_origins: `nowhere` is no origin"],
        ),
        (
            format!("format = 1\n{brand}smtp = {{ password_from = {{ env = \"NOT_SET\" }} }}\n"),
            vec!["NOT_SET of the environment"],
        ),
        ("\u{0}".to_owned(), vec!["line 1"]),
    ] {
        let (is_fine, told) = apply(&text);
        assert!(!is_fine, "{text}");
        for part in parts {
            assert!(told.contains(part), "{part} is not in:\n{told}");
        }
    }
    let text = printed(&installation.run(&["config", "export"]));
    assert!(text.contains("name = \"Acme & Söhne\""), "{text}");
    let nobody = ["config", "export", "--organisation", "org_0190a1b2c3d47e5f8a9b0c1d2e3f4a5b"];
    let refused = installation.run(&nobody);
    assert!(!refused.status.success() && printed(&refused).contains("there is no organisation"));
}
