//! One file of many: what a style sheet or script imports is put in the place of the import, so
//! that a browser asks once.

/// The sheet with each line `@import url("file") layer(name);` replaced by the text of that file
/// within that layer. `read` gives the text; a file that is not there leaves its line as it is.
pub(crate) fn style(sheet: &str, read: impl Fn(&str) -> Option<String>) -> String {
    let lines = sheet.lines().map(|line| {
        let imported = import(line).and_then(|(file, layer)| Some((read(file)?, layer)));
        match imported {
            Some((text, layer)) => format!("@layer {layer} {{\n{text}}}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

/// The script with each line `import "./file";` replaced by the text of that file in a block, so
/// that its names stay its own. The files export nothing.
pub(crate) fn script(script: &str, read: impl Fn(&str) -> Option<String>) -> String {
    let lines = script.lines().map(|line| {
        let file = line.strip_prefix("import \"./").and_then(|rest| rest.strip_suffix("\";"));
        match file.and_then(&read) {
            Some(text) => format!("{{\n{text}\n}}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

/// File and layer of an import.
fn import(line: &str) -> Option<(&str, &str)> {
    let (file, rest) = line.strip_prefix("@import url(\"")?.split_once("\") layer(")?;
    Some((file, rest.strip_suffix(");")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_become_layers_in_their_place() {
        let sheet = "@layer base, pages;\n@import url(\"a.css\") layer(base);\n\
            @import url(\"gone.css\") layer(pages);\n";
        let read = |file: &str| (file == "a.css").then(|| "a { color: red; }\n".to_owned());
        assert_eq!(
            style(sheet, read),
            "@layer base, pages;\n@layer base {\na { color: red; }\n}\n\
             @import url(\"gone.css\") layer(pages);\n"
        );
    }

    #[test]
    fn what_the_site_imports_is_there_and_stands_by_itself() {
        use crate::embedded::{self, Assets};

        let sheet = embedded::text::<Assets>("css/portico.css").expect("the sheet of the site");
        let bundle = style(&sheet, |file| embedded::text::<Assets>(&format!("css/{file}")));
        assert!(bundle.contains("@layer tokens {") && !bundle.contains("@import"), "{bundle}");

        let all = embedded::text::<Assets>("js/portico.js").expect("the script of the site");
        let bundle = script(&all, |file| embedded::text::<Assets>(&format!("js/{file}")));
        let linked = |line: &str| line.starts_with("import ") || line.starts_with("export ");
        assert!(bundle.contains("addEventListener") && !bundle.lines().any(linked), "{bundle}");
    }
}
