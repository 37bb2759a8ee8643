//! Documents that lie: paths and commands that do not exist, titles, dependencies without a reason.

use super::Complaint;
use super::tree::File;

/// Folders whose paths are checked where documents name them.
const ROOTS: [&str; 9] =
    ["crates/", "docs/", "templates/", "assets/", "locales/", "e2e/", "tools/", "xtask/", ".ci/"];

/// Checks all Markdown files and the workspace's manifest.
pub fn check(tree: &[File], complaints: &mut Vec<Complaint>) -> anyhow::Result<()> {
    for file in tree.iter().filter(|file| file.path.ends_with(".md")) {
        let titles = file.text.lines().filter(|line| line.starts_with("# ")).count();
        let fenced = file.text.contains("```");
        if titles != 1 && !fenced || titles == 0 {
            complaints.push(Complaint::new(&file.path, "must have one title", ""));
        }
        for path in
            quoted(&file.text).filter(|text| ROOTS.iter().any(|root| text.starts_with(root)))
        {
            let pattern = path.contains(['<', '*', '{', ' ', '…', '$']) || path.contains("NAME");
            let exists = std::path::Path::new(path.split(':').next().unwrap_or(path)).exists();
            if !pattern && !exists {
                let what = format!("names {path}, which does not exist");
                complaints.push(Complaint::new(&file.path, what, ""));
            }
        }
    }
    dependencies(complaints)
}

/// What stands between single backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Every dependency says what it is for.
fn dependencies(complaints: &mut Vec<Complaint>) -> anyhow::Result<()> {
    let manifest = std::fs::read_to_string("Cargo.toml")?;
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    for line in section.lines().filter(|line| line.contains(" = ")) {
        let ours = line.starts_with("portico-");
        if !ours && !line.contains(" # ") {
            let name = line.split(' ').next().unwrap_or_default();
            let what = format!("does not say what {name} is for");
            complaints.push(Complaint::new("Cargo.toml", what, ""));
        }
    }
    Ok(())
}
