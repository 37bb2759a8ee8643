//! What people call a file.

use portico_billing::text::check_line;

/// Most characters.
const MAX: usize = 100;

/// The name without the folders that some browsers send with it; `None` where nothing is left, or
/// where it is no line.
pub(super) fn checked(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let fits = name.chars().count() <= MAX && check_line(name).is_ok();
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inj_02_a_name_is_one_line_without_folders() {
        assert_eq!(checked(" C:\\Pictures\\Logo 1.png ").as_deref(), Some("Logo 1.png"));
        assert_eq!(checked("../../etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(checked("<b>ñ</b>").as_deref(), Some("b>"));
        for bad in ["", " ", "a/", "a\r\nb", "a\u{202e}gnp.exe", &"a".repeat(101)] {
            assert_eq!(checked(bad), None, "{bad:?}");
        }
    }
}
