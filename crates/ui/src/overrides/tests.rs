//! Overrides in use, broken ones, and those that an upgrade left behind.

use std::fs;

use jiff::civil::date;
use tempfile::TempDir;

use super::*;
use crate::errors::{ErrorPage, Problem};
use crate::{BrandFrame, Frame, Page, Ui, UiSettings};

const BRAND: &str = "brd_1";
const ERROR_PAGE: &str = "portal/error/error.html";

/// A site whose folders are looked at for each page.
struct Site {
    root: TempDir,
    ui: Ui,
}

impl Site {
    fn new() -> Self {
        let root = TempDir::new().expect("a folder");
        let overrides = Overrides {
            look_again: Duration::ZERO,
            ..Overrides::in_folder(root.path().to_owned())
        };
        let paths = &[("theme", "/theme"), ("language", "/language")];
        let settings = UiSettings { reload: false, ..UiSettings::new(paths) };
        let ui = Ui::with_overrides(settings, overrides).expect("a kit");
        Self { root, ui }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join(BRAND)
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn page_of(&self, brand: Option<&str>) -> String {
        let brand = BrandFrame {
            name: "Acme".to_owned(),
            templates: brand.map(str::to_owned),
            ..BrandFrame::default()
        };
        let frame = Frame::new("en", brand, date(2026, 11, 21));
        let page = ErrorPage::samples().remove(0).page;
        self.ui.render(&frame, &page).expect("a page")
    }

    fn page(&self) -> String {
        self.page_of(Some(BRAND))
    }

    fn shipped(&self) -> String {
        self.page_of(None)
    }

    /// What is said of the override; the visitor has the shipped page.
    fn fault(&self) -> OverrideFault {
        assert_eq!(self.page(), self.shipped());
        let mut faults = self.ui.override_faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    }
}

#[test]
fn a_page_is_replaced_for_its_brand_alone() {
    let site = Site::new();
    assert_eq!(site.page(), site.shipped());
    site.put(ERROR_PAGE, "<h1>{{ status }} own</h1>");
    assert_eq!(site.page(), "<h1>400 own</h1>");
    assert!(!site.page_of(Some("brd_2")).contains("own"));
    assert!(!site.shipped().contains("own"));
    assert_eq!(site.ui.override_faults(), []);
    fs::remove_file(site.folder().join(ERROR_PAGE)).expect("a file");
    assert_eq!(site.page(), site.shipped());
}

#[test]
fn a_layout_can_be_replaced_and_parts_can_be_added() {
    let site = Site::new();
    site.put(
        "layouts/entry.html",
        "{% include 'components/own.html' %}{% block content %}{% endblock %}",
    );
    site.put(
        "layouts/portal.html",
        "{% include 'components/own.html' %}{% block content %}{% endblock %}",
    );
    site.put(
        "layouts/base.html",
        "{% include 'components/own.html' %}{% block body %}{% endblock %}",
    );
    site.put("components/own.html", "OWN PART");
    assert!(site.page().contains("OWN PART"), "{:?}", site.ui.override_faults());
}

#[test]
fn inj_04_a_broken_override_shows_the_shipped_page_and_is_reported() {
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    let long = "{% for a in range(2000) %}".to_owned() + &"x".repeat(2_000) + "{% endfor %}";
    for (text, line, reason) in [
        ("\n{% if %}", Some(2), "syntax error"),
        ("\n\n{{ nobody.name }}", Some(3), "undefined value"),
        ("{{ status|no_filter }}", Some(1), "no_filter"),
        ("{% include 'portal/../../../etc/passwd' %}", Some(1), "not found"),
        ("{% include '/etc/passwd' %}", Some(1), "not found"),
        ("{% extends 'portal/error/error.html' %}", Some(1), ""),
        (endless, Some(1), "fuel"),
        (long.as_str(), None, "2 MB"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", Some(1), "recursion"),
        ("{{ 7 // 0 }}", Some(1), ""),
    ] {
        let site = Site::new();
        site.put(ERROR_PAGE, text);
        let fault = site.fault();
        assert_eq!((fault.file.as_str(), fault.brand.as_deref()), (ERROR_PAGE, Some(BRAND)));
        assert!(fault.reason.contains(reason), "{text}: {}", fault.reason);
        if line.is_some() {
            assert_eq!(fault.line, line, "{text}: {}", fault.reason);
        }
        // Once mended it is used, and nobody complains any more.
        site.put(ERROR_PAGE, "mended, and of another length than before");
        assert!(site.page().starts_with("mended"));
        assert_eq!(site.ui.override_faults(), []);
    }
}

#[test]
fn inj_04_overrides_escape_what_they_show() {
    let site = Site::new();
    site.put(ERROR_PAGE, "{{ '<script>' }}{{ 7*7 }}");
    assert_eq!(site.page(), "&lt;script&gt;49");
}

#[cfg(unix)]
#[test]
fn inj_04_nothing_outside_the_folder_is_read() {
    use std::os::unix::fs::symlink;

    let site = Site::new();
    let secret = site.root.path().join("secret.html");
    fs::write(&secret, "SECRET").expect("a file");
    fs::create_dir_all(site.root.path().join("brd_2/portal/error")).expect("a folder");
    fs::write(site.root.path().join("brd_2").join(ERROR_PAGE), "SECRET").expect("a file");
    fs::create_dir_all(site.folder().join("portal/error")).expect("a folder");
    symlink(&secret, site.folder().join(ERROR_PAGE)).expect("a link");
    assert!(site.fault().reason.contains("out of the folder"));
    fs::remove_dir_all(site.folder()).expect("a folder");
    fs::create_dir_all(site.folder()).expect("a folder");
    symlink(site.root.path().join("brd_2/portal"), site.folder().join("portal")).expect("a link");
    assert!(site.fault().reason.contains("out of the folder"));
    fs::remove_file(site.folder().join("portal")).expect("a link");
    symlink("/nowhere/at/all", site.folder().join("portal")).expect("a link");
    assert!(site.fault().reason.contains("nowhere"));
    // Within the folder a link is as good as a file.
    fs::remove_file(site.folder().join("portal")).expect("a link");
    site.put("..data/error/error.html", "linked");
    symlink("..data", site.folder().join("portal")).expect("a link");
    assert_eq!(site.page(), "linked");
    for brand in ["..", ".", "", "brd_2/portal", "/etc", "a\0b"] {
        assert_eq!(site.page_of(Some(brand)), site.shipped());
    }
}

#[test]
fn inj_04_large_and_odd_files_are_refused() {
    for (name, bytes, reason) in [
        (ERROR_PAGE, vec![b'x'; 256 * 1024 + 1], "256 KB"),
        (ERROR_PAGE, vec![0xff, 0xfe], "UTF-8"),
        ("portal/error/err or.html", vec![b'x'], "other characters"),
        ("portal/a/b/c/d/e/f/g.html", vec![b'x'], "too deep"),
    ] {
        let site = Site::new();
        site.put(name, bytes);
        let fault = site.fault();
        assert!(fault.reason.contains(reason), "{name}: {}", fault.reason);
    }
    let site = Site::new();
    for number in 0..600 {
        site.put(&format!("components/c{number}.html"), "x");
    }
    assert_eq!(site.page(), site.shipped());
    assert!(site.ui.override_faults().iter().all(|fault| fault.reason.contains("500 files")));
    // What is of no concern here is not even looked at.
    let site = Site::new();
    site.put("mail/layout.html", "own");
    site.put("panel/base.html", "own");
    site.put("portal/.error.html.swp", "own");
    assert_eq!(site.page(), site.shipped());
    assert_eq!(site.ui.override_faults(), []);
}

#[test]
fn what_was_exported_and_left_alone_overrides_nothing() {
    let site = Site::new();
    let exported = export(&site.folder()).expect("an export");
    assert!(exported.written > 30, "{exported:?}");
    assert_eq!(Trial::new(&site.ui, &site.folder()).expect("a trial").len(), 0);
    assert_eq!(drifted(&site.folder()), []);
    site.put(ERROR_PAGE, "changed");
    assert_eq!(site.page(), "changed");
    assert_eq!(Trial::new(&site.ui, &site.folder()).expect("a trial").len(), 1);
    // Exporting again leaves it alone.
    let again = export(&site.folder()).expect("an export");
    assert_eq!((again.written, again.kept), (exported.written - 1, 1));
    assert_eq!(site.page(), "changed");
    assert_eq!(drifted(&site.folder()), []);
}

#[test]
fn overrides_of_what_changed_since_are_named() {
    let site = Site::new();
    export(&site.folder()).expect("an export");
    site.put(ERROR_PAGE, "changed");
    site.put("components/own.html", "a part of their own");
    site.put("portal/gone.html", "was shipped once");
    let path = site.folder().join(MANIFEST);
    let text = fs::read_to_string(&path).expect("a manifest");
    let mut manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    manifest["templates"][ERROR_PAGE] = "an older one".into();
    manifest["templates"]["portal/gone.html"] = "an older one".into();
    fs::write(&path, manifest.to_string()).expect("a manifest");
    let drift = |file: &str, kind| Drift { file: file.to_owned(), kind };
    assert_eq!(
        drifted(&site.folder()),
        [drift(ERROR_PAGE, DriftKind::Changed), drift("portal/gone.html", DriftKind::Gone),]
    );
    let named = site.ui.drifted_overrides();
    assert!(named.iter().all(|(brand, _)| brand == BRAND) && named.len() == 2);
    accept(&site.folder()).expect("accepted");
    assert_eq!(drifted(&site.folder()), []);
    fs::remove_file(path).expect("a manifest");
    site.put("portal/error/other.html", "their own");
    assert!(drifted(&site.folder()).contains(&drift(ERROR_PAGE, DriftKind::Unrecorded)));
}

#[test]
fn a_trial_names_what_fails_in_any_sample() {
    let site = Site::new();
    site.put(ERROR_PAGE, "ok\n{% if minutes %}{{ nobody.name }}{% endif %}");
    site.put("components/unused.html", "{% for %}");
    let trial = Trial::new(&site.ui, &site.folder()).expect("a trial");
    assert_eq!((trial.len(), trial.is_empty()), (2, false));
    let files = trial.files();
    assert_eq!(files.len(), 1);
    assert_eq!((files[0].file.as_str(), files[0].line), ("components/unused.html", Some(1)));
    let page = trial.page::<ErrorPage>();
    assert_eq!(page.len(), 1, "{page:?}");
    assert_eq!((page[0].file.as_str(), page[0].line), (ERROR_PAGE, Some(2)));
    let _sample_exists = Problem::NotFound;
}

#[test]
fn a_folder_is_not_looked_at_for_each_page() {
    let site = Site::new();
    let root = site.root.path().to_owned();
    let slow = Overrides { look_again: Duration::from_secs(3_600), ..Overrides::in_folder(root) };
    let settings =
        UiSettings { reload: false, ..UiSettings::new(&[("theme", "/t"), ("language", "/l")]) };
    let ui = Ui::with_overrides(settings, slow).expect("a kit");
    site.put(ERROR_PAGE, "first");
    let brand = BrandFrame {
        name: "Acme".to_owned(),
        templates: Some(BRAND.to_owned()),
        ..BrandFrame::default()
    };
    let frame = Frame::new("en", brand, date(2026, 11, 21));
    let page = ErrorPage::samples().remove(0).page;
    assert_eq!(ui.render(&frame, &page).expect("a page"), "first");
    site.put(ERROR_PAGE, "second, not seen yet");
    assert_eq!(ui.render(&frame, &page).expect("a page"), "first");
}

/// The desk of a site, which tries out one page.
fn desk(site: &Site) -> Desk {
    let try_out = |trial: &Trial| {
        let mut faults = trial.files();
        faults.extend(trial.page::<ErrorPage>());
        faults
    };
    Desk::of(site.ui.clone(), Arc::new(try_out)).expect("a desk")
}

fn state(desk: &Desk, name: &str) -> Option<(OverrideState, Option<DriftKind>, usize)> {
    let records = desk.list(BRAND).expect("a list");
    let found = records.into_iter().find(|it| it.name == name);
    found.map(|it| (it.state, it.drift, it.faults.len()))
}

#[test]
fn the_desk_says_how_each_template_stands() {
    let site = Site::new();
    let desk = desk(&site);
    assert_eq!(state(&desk, ERROR_PAGE), Some((OverrideState::Shipped, None, 0)));
    assert_eq!(state(&desk, "mail/layout.html"), None, "mails are not replaced here");
    let _ = desk.put(BRAND, ERROR_PAGE, "<h1>{{ status }}</h1>").expect("written");
    assert_eq!(state(&desk, ERROR_PAGE), Some((OverrideState::Own, None, 0)));
    assert_eq!(site.page(), "<h1>400</h1>");
    site.put(ERROR_PAGE, "written by hand {{ status }}");
    fs::remove_file(site.folder().join(MANIFEST)).expect("a manifest");
    let drifted = Some((OverrideState::Drifted, Some(DriftKind::Unrecorded), 0));
    assert_eq!(state(&desk, ERROR_PAGE), drifted);
    site.put(ERROR_PAGE, "\n{{ nobody.name }}");
    site.put("components/own.html", "fine");
    let broken = Some((OverrideState::Broken, Some(DriftKind::Unrecorded), 1));
    assert_eq!(state(&desk, ERROR_PAGE), broken);
    assert_eq!(state(&desk, "components/own.html"), Some((OverrideState::Own, None, 0)));
    assert_eq!((desk.known_faults(BRAND)[0].line, desk.count_faults()), (Some(2), 1));
    // A visitor who meets it makes it no other one.
    assert_eq!(site.page(), site.shipped());
    assert_eq!((desk.known_faults(BRAND).len(), desk.count_faults()), (1, 1));
    assert_eq!(desk.known_faults("brd_2"), []);
    let _ = desk.remove(BRAND, ERROR_PAGE).expect("removed");
    assert_eq!(state(&desk, ERROR_PAGE), Some((OverrideState::Shipped, None, 0)));
    assert_eq!(desk.count_faults(), 0);
}

#[test]
fn a_text_is_tried_in_its_place_before_it_is_there() {
    let site = Site::new();
    let desk = desk(&site);
    let fault = |text: &str| {
        let faults = desk.try_new(BRAND, (ERROR_PAGE, text)).expect("a trial");
        faults.first().map(|it| (it.file.clone(), it.line))
    };
    assert_eq!(fault("{{ status }}"), None);
    assert_eq!(fault("\n{{ nobody.name }}"), Some((ERROR_PAGE.to_owned(), Some(2))));
    assert_eq!(site.page(), site.shipped(), "nothing was written");
    // What was broken before is no fault of this text; what it breaks elsewhere is.
    site.put("components/unused.html", "{% for %}");
    assert_eq!(fault("{{ status }}"), None);
    site.put(
        ERROR_PAGE,
        "{% from 'components/alert.html' import notice %}{{ notice('info', 'x') }}",
    );
    let faults = desk.try_new(BRAND, ("components/alert.html", "nothing to import"));
    let faults = faults.expect("a trial");
    assert_eq!((faults.len(), faults[0].file.as_str()), (1, ERROR_PAGE), "{faults:?}");
}

#[cfg(unix)]
#[test]
fn what_lies_where_a_file_is_made_is_not_written_through() {
    use std::os::unix::fs::symlink;

    let site = Site::new();
    let desk = desk(&site);
    let other = site.root.path().join("other.txt");
    fs::write(&other, "other").expect("a file");
    let path = site.folder().join(ERROR_PAGE);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    symlink(&other, path.with_file_name(".error.html.new")).expect("a link");
    let _ = desk.put(BRAND, ERROR_PAGE, "own").expect("written");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "own");
    assert_eq!(fs::read_to_string(&other).expect("a file"), "other");
}

#[test]
fn a_change_can_be_undone_with_what_was_known_of_it() {
    let site = Site::new();
    let desk = desk(&site);
    site.put(ERROR_PAGE, "<h1>{{ status }}</h1>");
    let unrecorded = Some((OverrideState::Drifted, Some(DriftKind::Unrecorded), 0));
    assert_eq!(state(&desk, ERROR_PAGE), unrecorded);
    let before = desk.put(BRAND, ERROR_PAGE, "<h2>{{ status }}</h2>").expect("written");
    assert_eq!(state(&desk, ERROR_PAGE), Some((OverrideState::Own, None, 0)));
    before.put_back().expect("undone");
    assert_eq!(desk.own(BRAND, ERROR_PAGE).as_deref(), Some("<h1>{{ status }}</h1>"));
    assert_eq!(state(&desk, ERROR_PAGE), unrecorded);
    let before = desk.remove(BRAND, ERROR_PAGE).expect("removed");
    before.put_back().expect("undone");
    assert_eq!(desk.own(BRAND, ERROR_PAGE).as_deref(), Some("<h1>{{ status }}</h1>"));
}

#[cfg(unix)]
#[test]
fn nothing_is_written_behind_a_link_or_where_no_folder_is() {
    use std::os::unix::fs::symlink;

    let site = Site::new();
    let desk = desk(&site);
    let elsewhere = TempDir::new().expect("a folder");
    fs::create_dir_all(site.folder()).expect("a folder");
    symlink(elsewhere.path(), site.folder().join("portal")).expect("a link");
    for done in [desk.put(BRAND, ERROR_PAGE, "x"), desk.remove(BRAND, ERROR_PAGE)] {
        assert!(matches!(done, Err(WriteError::Link)), "{done:?}");
    }
    fs::remove_dir_all(site.folder()).expect("removed");
    symlink(elsewhere.path(), site.folder()).expect("a link");
    for done in [desk.put(BRAND, ERROR_PAGE, "x"), desk.remove(BRAND, ERROR_PAGE)] {
        assert!(matches!(done, Err(WriteError::Link)), "{done:?}");
    }
    assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
    fs::remove_dir_all(site.root.path()).expect("removed");
    let done = desk.put(BRAND, ERROR_PAGE, "x");
    assert!(matches!(done, Err(WriteError::NoFolder)), "{done:?}");
    fs::write(site.root.path(), "a file").expect("a file");
    let done = desk.put(BRAND, ERROR_PAGE, "x");
    assert!(matches!(done, Err(WriteError::NoFolder)), "{done:?}");
    fs::remove_file(site.root.path()).expect("removed");
}
