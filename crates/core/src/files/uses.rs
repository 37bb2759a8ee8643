//! Where files are shown: by the looks of brands, published and drafted.

use portico_billing::brand::Looks;
use portico_billing::{AssetId, BrandId};
use portico_store::{Read, StoreError};

/// What a brand shows a file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePlace {
    /// The logo on light backgrounds.
    Logo,
    /// The logo on dark ones.
    DarkLogo,
    /// The picture of the browser's tab.
    Favicon,
    /// A picture in the brand's own style sheet.
    StyleSheet,
}

impl FilePlace {
    /// Its word in texts and data.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::DarkLogo => "dark-logo",
            Self::Favicon => "favicon",
            Self::StyleSheet => "style-sheet",
        }
    }
}

/// One place where a file is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUse {
    /// By which brand.
    pub brand_id: BrandId,
    /// Its name.
    pub brand_name: String,
    /// As what.
    pub place: FilePlace,
    /// Whether by its draft, which nobody sees yet.
    pub is_draft: bool,
}

/// Looks with whose they are.
pub(super) struct Shown {
    brand_id: BrandId,
    brand_name: String,
    looks: Looks,
    is_draft: bool,
}

/// The looks of all brands, and their drafts.
pub(super) async fn all(read: &mut Read) -> Result<Vec<Shown>, StoreError> {
    let brands = read.brands().await?;
    let drafts = read.looks_drafts().await?;
    let mut shown = Vec::with_capacity(brands.len() + drafts.len());
    for brand in brands {
        let (brand_id, brand_name) = (brand.id, brand.name.clone());
        let draft = drafts.iter().find(|draft| draft.brand_id == brand_id);
        let looks = brand.looks();
        let draft = draft.map(|draft| draft.looks.clone());
        shown.push(Shown { brand_id, brand_name: brand_name.clone(), looks, is_draft: false });
        shown.extend(draft.map(|looks| Shown { brand_id, brand_name, looks, is_draft: true }));
    }
    Ok(shown)
}

/// Where the file with this identifier is shown. A draft is named where the brand itself does not
/// show the file in that place.
pub(super) fn of(all: &[Shown], id: AssetId) -> Vec<FileUse> {
    let mut uses: Vec<FileUse> = Vec::new();
    for shown in all {
        for place in places(&shown.looks, id) {
            let known = |it: &FileUse| it.brand_id == shown.brand_id && it.place == place;
            if !uses.iter().any(known) {
                uses.push(FileUse {
                    brand_id: shown.brand_id,
                    brand_name: shown.brand_name.clone(),
                    place,
                    is_draft: shown.is_draft,
                });
            }
        }
    }
    uses
}

fn places(looks: &Looks, id: AssetId) -> impl Iterator<Item = FilePlace> {
    let theme = &looks.theme;
    [
        (theme.logo == Some(id), FilePlace::Logo),
        (theme.dark_logo == Some(id), FilePlace::DarkLogo),
        (theme.favicon == Some(id), FilePlace::Favicon),
        (looks.custom.css.contains(&id.to_string()), FilePlace::StyleSheet),
    ]
    .into_iter()
    .filter_map(|(is_shown, place)| is_shown.then_some(place))
}
