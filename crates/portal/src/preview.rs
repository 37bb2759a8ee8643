//! Pages with the looks of a draft and the data of samples, for those who edit the looks.

use portico_ui::preview::{PreviewPage, PreviewRequest};
use portico_ui::{BrandFrame, Frame, Page, Ui, UiError, VisitorFrame};

use crate::entry::sign_in::SignInPage;
use crate::invoices::detail::InvoicePage;
use crate::invoices::list::InvoicesPage;
use crate::overview::OverviewPage;
use crate::{paths, samples, visitor};

/// The samples that show a page as most customers see it.
const TYPICAL: [&str; 2] = ["typical", "partially-paid"];

/// Renders a page: a whole document, in which nothing leads anywhere.
///
/// # Errors
/// Where the template is missing or asks for what is not there.
pub fn preview(ui: &Ui, request: PreviewRequest) -> Result<String, UiError> {
    let PreviewRequest { page, brand, language, theme, today } = request;
    let brand = BrandFrame { is_preview: true, ..brand };
    let mut frame = Frame { theme, ..Frame::new(&language, brand, today) };
    match page {
        PreviewPage::SignIn => sample::<SignInPage>(ui, &frame),
        PreviewPage::Overview => sample::<OverviewPage>(ui, signed_in(&mut frame, paths::OVERVIEW)),
        PreviewPage::Invoices => sample::<InvoicesPage>(ui, signed_in(&mut frame, paths::INVOICES)),
        PreviewPage::Invoice => sample::<InvoicePage>(ui, signed_in(&mut frame, paths::INVOICES)),
    }
}

fn signed_in<'a>(frame: &'a mut Frame, path: &str) -> &'a Frame {
    let buyer = samples::buyer();
    let name = "Ana Martín";
    frame.visitor = Some(VisitorFrame::new(&buyer.name, Some(name), buyer.email.as_deref()));
    frame.nav = visitor::navigation(path, frame.sections);
    path.clone_into(&mut frame.path);
    frame
}

fn sample<P: Page>(ui: &Ui, frame: &Frame) -> Result<String, UiError> {
    let mut samples = P::samples();
    let typical =
        samples.iter().position(|sample| TYPICAL.contains(&sample.name)).unwrap_or_default();
    ui.render(frame, &samples.swap_remove(typical).page)
}
