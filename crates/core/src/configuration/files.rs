//! Files by their names: what the file calls them, which is the same in every installation.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::AssetId;
use portico_store::asset::StoredAsset;
use portico_store::{Read, StoreError, Write};

use super::faults::Faults;
use crate::files::{FILES_BYTES_MAX, FILES_MAX, FileError};
use crate::looks::{LooksFault, LooksFaultKind, LooksInput};
use crate::records::Rejection;
use crate::{Caller, Core};

/// Characters of a line of Base64.
const LINE: usize = 76;
/// Pictures that are refused before the others are not looked at any more.
const REFUSALS_MAX: usize = 5;
/// What the address of a file begins with in a style sheet.
const ADDRESS: &str = "/brand/files/";

/// A file with the name that is its alone.
#[derive(Clone)]
pub(super) struct Named {
    pub id: AssetId,
    pub name: String,
    /// What differences show of it.
    pub summary: String,
    /// Whether it is stored under this name, and not under one that others have as well.
    is_stored_so: bool,
}

impl Named {
    fn new(id: AssetId, name: String, size: u64, (width, height): (u32, u32)) -> Self {
        let summary = format!("picture of {size} bytes, {width} × {height} px");
        Self { id, name, summary, is_stored_so: true }
    }
}

/// The organisation's files.
#[derive(Clone)]
pub(super) struct Files(Vec<Named>);

impl Files {
    /// All of them, by age: of two with the same name the older one keeps it.
    pub(super) async fn load(read: &mut Read) -> Result<Self, StoreError> {
        let mut named: Vec<Named> = Vec::new();
        for entry in read.assets(FILES_MAX).await?.into_iter().rev() {
            let name =
                if entry.name.is_empty() { entry.id.to_string() } else { entry.name.clone() };
            let mut unique = name.clone();
            let mut number = 2;
            while named.iter().any(|taken| taken.name == unique) {
                unique = format!("{name} ({number})");
                number += 1;
            }
            let is_stored_so = unique == entry.name;
            let it = Named::new(entry.id, unique, entry.size, (entry.width, entry.height));
            named.push(Named { is_stored_so, ..it });
        }
        Ok(Self(named))
    }

    /// The pictures, in Base64.
    pub(super) async fn contents(
        &self,
        read: &mut Read,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let mut contents = BTreeMap::new();
        for it in &self.0 {
            if let Some(asset) = read.asset(it.id).await? {
                contents.insert(it.name.clone(), encoded(&asset.bytes));
            }
        }
        Ok(contents)
    }

    /// Which they are.
    pub(super) fn ids(&self) -> Vec<AssetId> {
        self.0.iter().map(|it| it.id).collect()
    }

    /// All of them by name.
    pub(super) fn by_key(&self) -> BTreeMap<&str, &Named> {
        self.0.iter().map(|it| (it.name.as_str(), it)).collect()
    }

    /// Stores those under the names that they have here which are stored under others' names:
    /// else a younger file would change its name where an older one goes.
    pub(super) async fn settle_names(&self, write: &mut Write) -> Result<(), StoreError> {
        for it in self.0.iter().filter(|it| !it.is_stored_so) {
            write.rename_asset(it.id, &it.name).await?;
        }
        Ok(())
    }

    fn id(&self, name: &str) -> Option<AssetId> {
        self.0.iter().find(|it| it.name == name).map(|it| it.id)
    }

    fn name(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|it| it.id.to_string() == id).map(|it| it.name.as_str())
    }

    /// Looks with the names of files in the place of their identifiers.
    pub(super) fn by_name(&self, looks: LooksInput) -> LooksInput {
        let name = |id: Option<String>| id.map(|id| self.name(&id).map_or(id, str::to_owned));
        let mut css = looks.css;
        if css.contains(ADDRESS) {
            for Named { id, name, .. } in &self.0 {
                css = css.replace(&format!("{ADDRESS}{id}"), &format!("{ADDRESS}{{{name}}}"));
            }
        }
        LooksInput {
            logo: name(looks.logo),
            dark_logo: name(looks.dark_logo),
            favicon: name(looks.favicon),
            css,
            ..looks
        }
    }

    /// The same the other way round, with a fault for each name that no file has.
    pub(super) fn by_id(&self, looks: LooksInput) -> (LooksInput, Vec<LooksFault>) {
        let id = |name: Option<String>| name.map(|it| self.id(&it).map_or(it, |id| id.to_string()));
        let mut css = looks.css;
        if css.contains(ADDRESS) {
            for Named { id, name, .. } in &self.0 {
                css = css.replace(&format!("{ADDRESS}{{{name}}}"), &format!("{ADDRESS}{id}"));
            }
        }
        let mut faults = Vec::new();
        if css.contains(&format!("{ADDRESS}{{")) {
            faults.push(LooksFault { field: "css".to_owned(), kind: LooksFaultKind::NoFile });
        }
        let looks = LooksInput {
            logo: id(looks.logo),
            dark_logo: id(looks.dark_logo),
            favicon: id(looks.favicon),
            css,
            ..looks
        };
        (looks, faults)
    }
}

/// A picture that was sent.
pub(super) struct Sent {
    name: String,
    /// The file that had its name when it was looked at.
    seen: Option<AssetId>,
    /// What was drawn of it; nothing where it is what that file holds.
    drawn: Option<StoredAsset>,
}

/// Takes pictures from the file and draws those anew that are not there yet, each in its turn with
/// whatever else is drawn. No transaction may be open meanwhile.
pub(super) async fn prepare(
    core: &Core,
    caller: &Caller,
    files: &BTreeMap<String, String>,
    faults: &mut Faults,
) -> Result<Vec<Sent>, Rejection> {
    if files.len() > FILES_MAX as usize {
        faults.at("files", FileError::TooMany.to_string());
        return Ok(Vec::new());
    }
    let store = &core.inner.store;
    let known = Files::load(&mut store.read(caller.organisation_id).await?).await?;
    let mut sent = Vec::with_capacity(files.len());
    let (mut refused, mut room) = (0, FILES_BYTES_MAX);
    for (name, content) in files {
        let seen = known.id(name);
        let present = match seen {
            Some(id) => store.read(caller.organisation_id).await?.asset(id).await?,
            None => None,
        };
        match drawn(core, (name, content), present).await {
            Ok(drawn) => {
                let size = drawn.as_ref().map_or(0, |drawn| drawn.bytes.len() as u64);
                room = room.checked_sub(size).ok_or(FileError::TooMany)?;
                sent.push(Sent { name: name.clone(), seen, drawn });
            }
            Err(Rejection::Invalid(found)) => {
                let path = format!("files.{name}");
                found.into_iter().for_each(|it| faults.at(&path, it.message));
                refused += 1;
            }
            Err(other) => return Err(other),
        }
        if refused == REFUSALS_MAX {
            break;
        }
    }
    Ok(sent)
}

/// What is drawn of a picture; nothing where it is the one that is there.
async fn drawn(
    core: &Core,
    (name, content): (&str, &str),
    present: Option<StoredAsset>,
) -> Result<Option<StoredAsset>, Rejection> {
    let not_base64 = || Rejection::field("content", "is not Base64 (RFC 4648)");
    let bytes = decoded(content).ok_or_else(not_base64)?;
    let is_there = |bytes: &[u8]| present.as_ref().is_some_and(|it| it.bytes == bytes);
    if is_there(&bytes) {
        return Ok(None);
    }
    let drawn = core.draw_file(name, bytes).await?;
    Ok(Some(drawn).filter(|drawn| !is_there(&drawn.bytes)))
}

/// What adding pictures leaves to be done once the brands are those of the file.
#[derive(Default)]
pub(super) struct Replaced {
    /// Files with those that took their places.
    pub by: Vec<(AssetId, AssetId)>,
    /// Those, and the ones that the file does not name.
    pub gone: Vec<Named>,
}

/// Adds the pictures that are not there yet. `files` are afterwards those that stay.
pub(super) async fn add(
    core: &Core,
    (write, caller): (&mut Write, &Caller),
    files: &mut Files,
    sent: &[Sent],
) -> Result<Replaced, Rejection> {
    let is_named = |it: &Named| sent.iter().any(|sent| sent.name == it.name);
    let gone = files.0.extract_if(.., |it| !is_named(it)).collect();
    let mut replaced = Replaced { by: Vec::new(), gone };
    for it in sent {
        if files.id(&it.name) != it.seen {
            return Err(Rejection::conflict("files", "somebody changed the files meanwhile"));
        }
        let Some(drawn) = &it.drawn else { continue };
        let id = core.insert_file_within(write, caller, drawn).await?;
        let (size, pixels) = (drawn.bytes.len() as u64, (drawn.width, drawn.height));
        let new = Named::new(id, it.name.clone(), size, pixels);
        if let Some(present) = files.0.iter_mut().find(|present| present.name == it.name) {
            let old = std::mem::replace(present, new);
            replaced.by.push((old.id, id));
            replaced.gone.push(old);
        } else {
            files.0.push(new);
        }
    }
    Ok(replaced)
}

/// Base64 in lines, so that it can be looked at in any editor.
fn encoded(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(text.len() + text.len() / LINE + 1);
    for (index, character) in text.chars().enumerate() {
        if index > 0 && index % LINE == 0 {
            lines.push('\n');
        }
        lines.push(character);
    }
    lines.push('\n');
    lines
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(text).ok().filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_in_lines_reads_as_it_was() {
        for length in [1, 56, 57, 58, 5_000] {
            let bytes: Vec<u8> = (0..length).map(|it: usize| (it % 251) as u8).collect();
            let text = encoded(&bytes);
            assert!(text.lines().all(|line| (1..=LINE).contains(&line.len())), "{text}");
            assert_eq!(decoded(&text), Some(bytes));
        }
        assert_eq!((decoded(""), decoded("x"), decoded("é")), (None, None, None));
    }

    #[test]
    fn style_sheets_name_files_as_people_do() {
        let id = |last: u8| AssetId::new(jiff::Timestamp::UNIX_EPOCH, [last; 10]);
        let files = Files(vec![
            Named::new(id(1), "a.png".to_owned(), 1, (1, 1)),
            Named::new(id(2), "a {b}.png".to_owned(), 1, (1, 1)),
        ]);
        let looks = LooksInput {
            logo: Some(id(2).to_string()),
            css: format!("a{{b:url({ADDRESS}{})}} /*{ADDRESS}{}*/", id(1), id(2)),
            ..LooksInput::default()
        };
        let named = files.by_name(looks.clone());
        assert_eq!(named.logo.as_deref(), Some("a {b}.png"));
        assert_eq!(named.css, "a{b:url(/brand/files/{a.png})} /*/brand/files/{a {b}.png}*/");
        assert_eq!(files.by_id(named), (looks.clone(), Vec::new()));
        let unknown = LooksInput { css: format!("{ADDRESS}{{x}}"), ..looks };
        assert_eq!(files.by_id(unknown).1.len(), 1);
    }
}
