//! What the few HTML pages of the site have in common.

use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use portico_ui::language::LanguageWishes;
use portico_ui::{BrandFrame, Frame, Page};

use crate::answers::new_reference;
use crate::state::{Panel, only};

/// Renders a page in the visitor's language.
pub fn render(panel: &Panel, headers: &HeaderMap, page: &impl Page) -> Response {
    match panel.ui.render(&frame(panel, headers), page) {
        Ok(html) => Html(html).into_response(),
        Err(error) => error.into_problem(new_reference()).into_response(),
    }
}

pub fn frame(panel: &Panel, headers: &HeaderMap) -> Frame {
    let browser = only(headers, header::ACCEPT_LANGUAGE.as_str());
    let wishes = LanguageWishes { browser, ..LanguageWishes::default() };
    let brand = BrandFrame {
        name: "Portico".to_owned(),
        home_url: "/".to_owned(),
        ..BrandFrame::default()
    };
    let today = panel.core.now().to_zoned(TimeZone::UTC).date();
    Frame::new(&panel.ui.negotiate(&wishes), brand, today)
}

#[cfg(test)]
mod tests {
    use portico_ui::samples::check_page;
    use portico_ui::{Ui, UiSettings};

    use super::*;
    use crate::PATHS;
    use crate::docs::DocsPage;
    use crate::mailbox::{MailPage, MailsPage};
    use crate::staff::home::HomePage;

    #[test]
    fn every_page_is_sound_in_every_language() {
        let ui = Ui::new(UiSettings::new(PATHS)).expect("the rendering kit");
        let pages = [
            check_page::<HomePage>(&ui),
            check_page::<DocsPage>(&ui),
            check_page::<MailsPage>(&ui),
            check_page::<MailPage>(&ui),
        ];
        for sample in pages.iter().flatten() {
            assert_eq!(sample.faults, Vec::<String>::new(), "{}:\n{}", sample.name, sample.html);
        }
    }
}
