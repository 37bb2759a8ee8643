//! Which of our crates may use which: the table of ARCHITECTURE.md.

use super::Complaint;

/// Crate, and what it may use.
const TABLE: &[(&str, &[&str])] = &[
    ("billing", &[]),
    ("store", &["billing"]),
    ("gateways", &["billing"]),
    ("documents", &["billing"]),
    ("typesetter", &["documents"]),
    ("core-api", &["billing"]),
    ("ui", &["billing"]),
    ("core", &["billing", "store", "gateways", "documents", "core-api"]),
    ("portal", &["billing", "core-api", "ui"]),
    ("panel", &["billing", "core", "core-api", "ui"]),
    (
        "portico",
        &[
            "billing",
            "core",
            "core-api",
            "documents",
            "gateways",
            "panel",
            "portal",
            "store",
            "typesetter",
            "ui",
        ],
    ),
    ("testkit", &["store", "gateways"]),
];

/// Libraries that one crate alone may use.
const ALONE: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "testkit"]),
    ("reqwest", &["gateways"]),
    ("quick-xml", &["gateways"]),
    ("typst", &["typesetter"]),
    ("minijinja", &["ui"]),
    ("argon2", &["core"]),
    ("clap", &["portico"]),
    ("figment", &["portico"]),
    ("lettre", &["portico"]),
];

/// Checks the manifests.
pub fn check(complaints: &mut Vec<Complaint>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir("crates")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let path = format!("crates/{name}/Cargo.toml");
        let manifest: toml::Table = std::fs::read_to_string(&path)?.parse()?;
        let Some(dependencies) = manifest.get("dependencies").and_then(|it| it.as_table()) else {
            continue;
        };
        let Some((_, allowed)) = TABLE.iter().find(|(known, _)| *known == name) else {
            complaints.push(Complaint::new(&path, "is not in the import table", ""));
            continue;
        };
        for dependency in dependencies.keys() {
            let ours = dependency.strip_prefix("portico-");
            let foreign = ours.is_some_and(|ours| !allowed.contains(&ours));
            let alone = ALONE
                .iter()
                .any(|(library, by)| library == dependency && !by.contains(&name.as_str()));
            if foreign || alone {
                complaints.push(Complaint::new(&path, format!("may not use {dependency}"), ""));
            }
        }
    }
    Ok(())
}
