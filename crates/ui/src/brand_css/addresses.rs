//! What a style sheet may load.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portico_billing::brand::Origin;
use url::Url;

use super::CssReason;

/// Where the site serves files of the brand.
pub const OWN_FILES: &str = "/brand/";
/// Largest picture within the sheet, as bytes of the picture.
const MAX_INLINE: usize = 16 * 1024;
/// Stands for the brand's own host, whichever it is.
const HERE: &str = "https://own.invalid/";

/// The address as it may stand in the sheet.
///
/// # Errors
/// `Address` and `InlinePicture`.
pub fn checked(address: &str, allowed: &[Origin]) -> Result<String, CssReason> {
    let address = address.trim();
    let is_local = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if address.strip_prefix('#').is_some_and(is_local) {
        return Ok(address.to_owned());
    }
    if address.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return inline(&address[5..]);
    }
    let here = Url::parse(HERE).map_err(|_| CssReason::Address)?;
    let url = here.join(address).map_err(|_| CssReason::Address)?;
    if url.origin() == here.origin() {
        let own = address.starts_with('/') && url.path().starts_with(OWN_FILES);
        return if own {
            Ok(url[url::Position::BeforePath..].to_owned())
        } else {
            Err(CssReason::Address)
        };
    }
    let origin = Origin::of(&url).map_err(|_| CssReason::Address)?;
    if allowed.contains(&origin) { Ok(url.into()) } else { Err(CssReason::Address) }
}

/// A picture in the sheet, told by its first bytes and not by what it says of itself.
fn inline(rest: &str) -> Result<String, CssReason> {
    let fault = CssReason::InlinePicture;
    let (_, encoded) = rest.split_once(";base64,").ok_or_else(|| fault.clone())?;
    let bytes = STANDARD.decode(encoded).map_err(|_| fault.clone())?;
    let kind = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "png",
        [0xff, 0xd8, 0xff, ..] => "jpeg",
        [b'G', b'I', b'F', b'8', ..] => "gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        _ => return Err(fault),
    };
    if bytes.len() > MAX_INLINE {
        return Err(fault);
    }
    Ok(format!("data:image/{kind};base64,{encoded}"))
}
