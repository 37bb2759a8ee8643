//! Checks that every page must pass, on its samples, in every language and theme.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

pub use crate::sample_frame::sample_frame;
use crate::{Frame, Page, ThemeChoice, Ui};

/// A page as rendered from one of its samples.
#[derive(Debug, Clone)]
pub struct RenderedSample {
    /// `portal/invoices/list.html typical en dark`, for messages and names of snapshots.
    pub name: String,
    /// The whole document; empty where the template failed.
    pub html: String,
    /// What is wrong with it; empty where all is well.
    pub faults: Vec<String>,
}

/// Renders the samples of `P` in every language and theme, and checks each document.
#[must_use]
pub fn check_page<P: Page>(ui: &Ui) -> Vec<RenderedSample> {
    check_page_in::<P>(ui, sample_frame("en").shell)
}

/// The same for a list of a site whose pages stand in the layout `shell`.
#[must_use]
pub fn check_page_in<P: Page>(ui: &Ui, shell: &'static str) -> Vec<RenderedSample> {
    let samples = P::samples();
    let mut rendered = Vec::new();
    for language in ui.languages() {
        for theme in [ThemeChoice::Light, ThemeChoice::Dark] {
            let frame = Frame { theme, shell, ..sample_frame(&language) };
            for sample in &samples {
                let theme = if theme == ThemeChoice::Dark { "dark" } else { "light" };
                let name = format!("{} {} {language} {theme}", P::TEMPLATE, sample.name);
                rendered.push(check(name, ui.render(&frame, &sample.page)));
            }
        }
    }
    rendered
}

fn check(name: String, html: Result<String, crate::UiError>) -> RenderedSample {
    match html {
        Ok(html) => RenderedSample { faults: faults(&html), name, html },
        Err(error) => RenderedSample { name, html: String::new(), faults: vec![error.chain()] },
    }
}

/// What is wrong with a document: what a strict content security policy, a screen reader or a
/// keyboard would stumble over, and what a template leaves behind by mistake.
#[must_use]
pub fn faults(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let mut faults = Vec::new();
    check_ids(&document, &mut faults);
    check_labels(&document, &mut faults);
    let headings = select(&document, "h1").count();
    if headings != 1 {
        faults.push(format!("{headings} elements <h1>"));
    }
    for (selector, fault) in [
        ("[style]", "an inline style"),
        ("style", "a <style> element"),
        ("script:not([src])", "an inline script"),
        ("img:not([alt])", "an image without alt"),
        ("a:not([href])", "a link without href"),
        ("a[href^='javascript:']", "a script in a link"),
        ("button:not([type])", "a button without type"),
        ("html:not([lang])", "no language"),
        (
            "form[method=post]:not([action*='//']):not(:has(input[name=csrf]))",
            "a form without its token",
        ),
        ("form[action*='//']:has(input[name=csrf])", "a token that leaves the site"),
        ("a a, a button, button a, button button", "a control in a control"),
        ("table:not(:has(th))", "a table without headings"),
        ("[tabindex]:not([tabindex='0']):not([tabindex='-1'])", "a tab order of its own"),
    ] {
        let found = select(&document, selector);
        faults.extend(found.map(|element| format!("{fault}: {}", opening(&element))));
    }
    let title = select(&document, "title").next().map(|title| title.inner_html());
    if title.is_none_or(|title| title.trim_start_matches([' ', '·']).trim().is_empty()) {
        faults.push("no title".to_owned());
    }
    check_attributes(&document, &mut faults);
    faults
}

/// Ids are unique, and what is referred to exists.
fn check_ids(document: &Html, faults: &mut Vec<String>) {
    let mut ids = HashSet::new();
    for id in select(document, "[id]").filter_map(|element| element.attr("id")) {
        if id.is_empty() || id.contains(char::is_whitespace) || !ids.insert(id) {
            faults.push(format!("the id {id:?} is empty, has spaces, or comes twice"));
        }
    }
    for attribute in ["for", "aria-describedby", "aria-labelledby", "aria-controls"] {
        for element in select(document, &format!("[{attribute}]")) {
            let names = element.attr(attribute).unwrap_or_default();
            for name in names.split_whitespace().filter(|name| !ids.contains(name)) {
                faults.push(format!("{attribute} names #{name}, which is absent"));
            }
        }
    }
}

/// Every control has a name that can be read out.
fn check_labels(document: &Html, faults: &mut Vec<String>) {
    let labelled: HashSet<&str> =
        select(document, "label[for]").filter_map(|label| label.attr("for")).collect();
    for field in select(document, "input:not([type=hidden]):not([type=submit]), select, textarea") {
        let has_label = field.attr("id").is_some_and(|id| labelled.contains(id))
            || field
                .ancestors()
                .filter_map(ElementRef::wrap)
                .any(|up| up.value().name() == "label");
        if !has_label && !has_aria_name(&field) {
            faults.push(format!("a field without label: {}", opening(&field)));
        }
    }
    for control in select(document, "a[href], button, summary") {
        let has_text = control.text().any(|text| !text.trim().is_empty())
            || control.descendent_elements().any(|inner| has_aria_name(&inner) || has_alt(&inner));
        if !has_text && !has_aria_name(&control) {
            faults.push(format!("a control without a name: {}", opening(&control)));
        }
    }
}

/// Attributes that run code, and values that a template printed by mistake.
fn check_attributes(document: &Html, faults: &mut Vec<String>) {
    for element in document.root_element().descendent_elements() {
        for (name, value) in element.value().attrs() {
            let runs_code = name.starts_with("on") || name.starts_with("hx-on");
            let is_mistake = matches!(name, "action" | "class" | "href" | "id" | "src" | "value")
                && matches!(value, "none" | "undefined");
            if runs_code || is_mistake {
                faults.push(format!("{name}={value:?}: {}", opening(&element)));
            }
        }
    }
}

fn has_aria_name(element: &ElementRef<'_>) -> bool {
    element.attr("aria-labelledby").is_some()
        || element.attr("aria-label").is_some_and(|label| !label.trim().is_empty())
}

fn has_alt(element: &ElementRef<'_>) -> bool {
    element.attr("alt").is_some_and(|alt| !alt.trim().is_empty())
}

fn select<'a>(document: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let found: Vec<_> = Selector::parse(selector)
        .map(|selector| document.select(&selector).collect())
        .unwrap_or_default();
    found.into_iter()
}

/// The opening tag, for messages.
fn opening(element: &ElementRef<'_>) -> String {
    let html = element.html();
    html.find('>').map_or(html.clone(), |end| html[..=end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UiSettings;
    use crate::errors::ErrorPage;

    const SOUND: &str = r#"<!doctype html><html lang="en"><head><title>A</title></head><body>
        <h1>A</h1><form method="post" action="/a"><input type="hidden" name="csrf" value="x">
        <label for="q">Q</label><input id="q"><button type="submit">Go</button></form>
        <a href="/"><img src="/l.svg" alt="Home"></a></body></html>"#;

    #[test]
    fn a_sound_document_has_no_faults() {
        assert_eq!(faults(SOUND), Vec::<String>::new());
    }

    #[test]
    fn each_planted_fault_is_found() {
        for (sound, faulty) in [
            ("<h1>A</h1>", ""),
            ("<h1>A</h1>", "<h1>A</h1><h1>B</h1>"),
            ("<h1>A</h1>", r#"<h1 style="color:red">A</h1>"#),
            ("<h1>A</h1>", r#"<h1 id="q">A</h1>"#),
            ("<h1>A</h1>", r#"<h1 onclick="x()">A</h1>"#),
            ("<h1>A</h1>", "<h1>A</h1><style>a{}</style>"),
            ("<h1>A</h1>", "<h1>A</h1><script>x()</script>"),
            ("<h1>A</h1>", "<h1>A</h1><a>x</a>"),
            ("<h1>A</h1>", "<h1>A</h1><table><tr><td>x</td></tr></table>"),
            ("<h1>A</h1>", r#"<h1 aria-labelledby="nowhere">A</h1>"#),
            ("<h1>A</h1>", r#"<h1 tabindex="3">A</h1>"#),
            ("<title>A</title>", "<title> · </title>"),
            (r#"<html lang="en">"#, "<html>"),
            (r#" alt="Home""#, ""),
            (r#" alt="Home""#, r#" alt="""#),
            (r#" type="submit""#, ""),
            (r#" for="q""#, ""),
            (">Go<", "><"),
            (r#"name="csrf""#, r#"name="other""#),
            (r#"action="/a""#, r#"action="https://elsewhere.example""#),
            (r#"href="/""#, r#"href="none""#),
            (r#"href="/""#, r#"href="javascript:alert(1)""#),
            ("<img ", r#"<button type="button">x</button><img "#),
        ] {
            assert!(SOUND.contains(sound), "{sound} is not in the sound document");
            assert!(!faults(&SOUND.replacen(sound, faulty, 1)).is_empty(), "{faulty:?} passed");
        }
    }

    #[test]
    fn the_error_pages_are_sound_in_every_language_and_theme() {
        let paths = &[("theme", "/theme"), ("language", "/language")];
        let settings = UiSettings { reload: false, ..UiSettings::new(paths) };
        let ui = Ui::new(settings).expect("a kit");
        let rendered = check_page::<ErrorPage>(&ui);
        assert!(rendered.len() >= 2 * 2 * 12);
        for sample in rendered {
            assert_eq!(sample.faults, Vec::<String>::new(), "{}\n{}", sample.name, sample.html);
        }
    }
}
