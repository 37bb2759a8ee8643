//! Every page on its samples, in every language and theme.

use std::collections::BTreeSet;
use std::path::Path;

use portico_ui::samples::check_page;
use portico_ui::{Page, Ui, UiSettings};

use crate::pages::{PageVisitor, visit_all};

/// The names of all pages, and all faults of their samples.
struct Samples {
    ui: Ui,
    names: BTreeSet<String>,
    faults: Vec<String>,
}

impl PageVisitor for Samples {
    fn visit<P: Page>(&mut self, name: &'static str) {
        self.names.insert(name.to_owned());
        for sample in check_page::<P>(&self.ui) {
            let name = sample.name;
            self.faults.extend(sample.faults.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
}

#[test]
fn every_page_is_fine_on_its_samples() {
    let settings = UiSettings { reload: false, ..UiSettings::new(crate::PATHS) };
    let ui = Ui::new(settings).unwrap();
    let mut samples = Samples { ui, names: BTreeSet::new(), faults: Vec::new() };
    visit_all(&mut samples);
    let Samples { names, faults, .. } = samples;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let written = pages_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    assert_eq!(names, written, "a page is missing in the list of `pages.rs`");
}

/// The names of all types with `impl Page for` in the sources.
fn pages_of(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(pages_of(&path));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let implementations = text.lines().filter_map(|line| line.strip_prefix("impl Page for "));
        names.extend(implementations.map(|name| name.trim_end_matches(" {").to_owned()));
    }
    names
}
