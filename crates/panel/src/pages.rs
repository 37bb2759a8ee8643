//! What the few HTML pages of the site have in common.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use portico_ui::language::LanguageWishes;
use portico_ui::{BrandFrame, Frame, Page};

use crate::answers::new_reference;
use crate::staff::Here;
use crate::state::{Panel, Shared, only};

/// Renders a page in the visitor's language.
pub fn render(panel: &Panel, headers: &HeaderMap, page: &impl Page) -> Response {
    match panel.ui.render(&frame(panel, headers), page) {
        Ok(html) => Html(html).into_response(),
        Err(error) => error.into_problem(new_reference()).into_response(),
    }
}

/// The frame of a page that says what went wrong with a request.
pub fn frame_of(panel: &Shared, parts: &Parts) -> Frame {
    Here::of(panel, parts).map_or_else(|| frame(panel, &parts.headers), |here| here.frame())
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
    use portico_ui::samples::{check_page, check_page_in};
    use portico_ui::{Ui, UiSettings};

    use crate::PATHS;
    use crate::docs::DocsPage;
    use crate::mailbox::{MailPage, MailsPage};
    use crate::staff::account::AccountPage;
    use crate::staff::account::second_factor::{CodesPage, ConfirmPage, EnrolPage};
    use crate::staff::approvals::decide::ApprovalPage;
    use crate::staff::approvals::list::ApprovalsPage;
    use crate::staff::attempts::dismiss::DismissPage;
    use crate::staff::attempts::list::AttemptsPage;
    use crate::staff::attempts::notice::NoticePage;
    use crate::staff::attempts::notices::NoticesPage;
    use crate::staff::attempts::show::AttemptPage;
    use crate::staff::brands::access::SectionsPage;
    use crate::staff::brands::basic::BrandPage;
    use crate::staff::brands::domains::{DomainRemovePage, DomainsPage};
    use crate::staff::brands::exceptions::CustomerAccessPage;
    use crate::staff::brands::list::{BrandsPage, NewBrandPage};
    use crate::staff::brands::looks::LooksPage;
    use crate::staff::brands::looks::publish::LooksQuestionPage;
    use crate::staff::brands::mail_templates::{
        MailResetPage, MailTemplatePage, MailTemplatesPage,
    };
    use crate::staff::brands::remove::RemoveBrandPage;
    use crate::staff::brands::reports::ColumnsPage;
    use crate::staff::brands::smtp::{SmtpPage, SmtpRemovePage};
    use crate::staff::brands::texts::{TextPage, TextsPage};
    use crate::staff::contacts::access::DisablePage;
    use crate::staff::contacts::form::ContactFormPage;
    use crate::staff::credit_notes::list::CreditNotesTab;
    use crate::staff::credit_notes::show::CreditNotePage;
    use crate::staff::credit_notes::void::VoidCreditNotePage;
    use crate::staff::customers::activity::ActivityTab;
    use crate::staff::customers::balance::BalanceTab;
    use crate::staff::customers::configuration::ConfigurationTab;
    use crate::staff::customers::form::CustomerFormPage;
    use crate::staff::customers::held::{
        ContactsTab, ContractsTab, EntitlementsTab, InvoicesTab, PaymentsTab, SubscriptionsTab,
    };
    use crate::staff::customers::list::CustomersPage;
    use crate::staff::customers::overview::OverviewPage;
    use crate::staff::customers::portal::OpenPortalPage;
    use crate::staff::customers::status::DeactivatePage;
    use crate::staff::entry::forgotten::ForgottenPage;
    use crate::staff::entry::invitation::InvitationPage;
    use crate::staff::entry::reset::ResetPage;
    use crate::staff::entry::second_factor::SecondFactorPage;
    use crate::staff::entry::set_up::SetUpPage;
    use crate::staff::entry::sign_in::{ChoosePage, SignInPage};
    use crate::staff::entry::{InsecurePage, LinkOverPage};
    use crate::staff::files::FilesPage;
    use crate::staff::files::remove::RemoveFilePage;
    use crate::staff::gateways::actions::RemoveGatewayPage;
    use crate::staff::gateways::form::GatewayPage;
    use crate::staff::gateways::list::{ChooseProviderPage, GatewaysPage};
    use crate::staff::home::HomePage;
    use crate::staff::invoices::actions::{ApprovePage, VoidPage};
    use crate::staff::invoices::credit::CreditPage;
    use crate::staff::invoices::form::InvoiceFormPage;
    use crate::staff::invoices::pay_links::{PayLinkMadePage, PayLinkPage};
    use crate::staff::invoices::show::InvoicePage;
    use crate::staff::invoices::use_credit::UseCreditPage;
    use crate::staff::invoices::write_off::WriteOffPage;
    use crate::staff::ledger::LedgerPage;
    use crate::staff::payments::allocate::AllocatePage;
    use crate::staff::payments::cancel::CancelPaymentPage;
    use crate::staff::payments::confirm::ConfirmPaymentPage;
    use crate::staff::payments::form::PaymentFormPage;
    use crate::staff::payments::give_back::GiveBackPage;
    use crate::staff::payments::refund::RefundPage;
    use crate::staff::payments::release::ReleasePage;
    use crate::staff::payments::show::PaymentPage;
    use crate::staff::returns::ReturnsPage;
    use crate::staff::search::SearchPage;
    use crate::staff::settings::api_keys::{KeyMadePage, KeysPage, NewKeyPage, RevokePage};
    use crate::staff::settings::audit::AuditPage;
    use crate::staff::settings::general::GeneralPage;
    use crate::staff::settings::operator::{OperatorPage, RemovePage};
    use crate::staff::settings::operators::{InvitePage, OperatorsPage};
    use crate::staff::sure::SurePage;
    use crate::staff::vouchers::actions::{CodesPage as VoucherCodesPage, VoidBatchPage};
    use crate::staff::vouchers::batch::BatchPage;
    use crate::staff::vouchers::form::NewBatchPage;
    use crate::staff::vouchers::list::BatchesPage;
    use crate::staff::vouchers::show::{VoidVoucherPage, VoucherPage};

    #[test]
    fn every_page_is_sound_in_every_language() {
        let settings = UiSettings { reload: false, ..UiSettings::new(PATHS) };
        let ui = Ui::new(settings).expect("the rendering kit");
        let pages = [
            check_page::<HomePage>(&ui),
            check_page::<ActivityTab>(&ui),
            check_page::<BalanceTab>(&ui),
            check_page::<LedgerPage>(&ui),
            check_page::<ConfigurationTab>(&ui),
            check_page::<CustomerFormPage>(&ui),
            check_page_in::<CustomersPage>(&ui, "layouts/panel.html"),
            check_page::<OverviewPage>(&ui),
            check_page::<OpenPortalPage>(&ui),
            check_page::<DeactivatePage>(&ui),
            check_page::<ContactsTab>(&ui),
            check_page::<ContractsTab>(&ui),
            check_page::<EntitlementsTab>(&ui),
            check_page::<InvoicesTab>(&ui),
            check_page::<PaymentsTab>(&ui),
            check_page::<CreditNotesTab>(&ui),
            check_page::<CreditNotePage>(&ui),
            check_page::<VoidCreditNotePage>(&ui),
            check_page::<SubscriptionsTab>(&ui),
            check_page::<ContactFormPage>(&ui),
            check_page::<ApprovePage>(&ui),
            check_page::<VoidPage>(&ui),
            check_page::<SurePage>(&ui),
            check_page::<DisablePage>(&ui),
            check_page::<CreditPage>(&ui),
            check_page::<InvoiceFormPage>(&ui),
            check_page::<InvoicePage>(&ui),
            check_page::<PayLinkPage>(&ui),
            check_page::<PayLinkMadePage>(&ui),
            check_page::<PaymentFormPage>(&ui),
            check_page::<AllocatePage>(&ui),
            check_page::<CancelPaymentPage>(&ui),
            check_page::<ConfirmPaymentPage>(&ui),
            check_page::<GiveBackPage>(&ui),
            check_page::<ReleasePage>(&ui),
            check_page::<ReturnsPage>(&ui),
            check_page::<WriteOffPage>(&ui),
            check_page::<UseCreditPage>(&ui),
            check_page::<RefundPage>(&ui),
            check_page::<PaymentPage>(&ui),
            check_page::<SearchPage>(&ui),
            check_page_in::<AttemptsPage>(&ui, "layouts/panel.html"),
            check_page::<AttemptPage>(&ui),
            check_page::<DismissPage>(&ui),
            check_page_in::<NoticesPage>(&ui, "layouts/panel.html"),
            check_page::<NoticePage>(&ui),
            check_page::<BatchesPage>(&ui),
            check_page::<NewBatchPage>(&ui),
            check_page::<BatchPage>(&ui),
            check_page::<VoucherCodesPage>(&ui),
            check_page::<VoidBatchPage>(&ui),
            check_page::<VoucherPage>(&ui),
            check_page::<VoidVoucherPage>(&ui),
            check_page::<ApprovalsPage>(&ui),
            check_page::<ApprovalPage>(&ui),
            check_page::<BrandsPage>(&ui),
            check_page::<NewBrandPage>(&ui),
            check_page::<BrandPage>(&ui),
            check_page::<DomainsPage>(&ui),
            check_page::<DomainRemovePage>(&ui),
            check_page::<SectionsPage>(&ui),
            check_page::<LooksPage>(&ui),
            check_page::<LooksQuestionPage>(&ui),
            check_page::<FilesPage>(&ui),
            check_page::<RemoveFilePage>(&ui),
            check_page::<ColumnsPage>(&ui),
            check_page::<RemoveBrandPage>(&ui),
            check_page::<CustomerAccessPage>(&ui),
            check_page::<SignInPage>(&ui),
            check_page::<ChoosePage>(&ui),
            check_page::<SecondFactorPage>(&ui),
            check_page::<ForgottenPage>(&ui),
            check_page::<ResetPage>(&ui),
            check_page::<InvitationPage>(&ui),
            check_page::<SetUpPage>(&ui),
            check_page::<InsecurePage>(&ui),
            check_page::<LinkOverPage>(&ui),
            check_page::<AccountPage>(&ui),
            check_page::<EnrolPage>(&ui),
            check_page::<CodesPage>(&ui),
            check_page::<ConfirmPage>(&ui),
            check_page::<GeneralPage>(&ui),
            check_page::<OperatorsPage>(&ui),
            check_page::<InvitePage>(&ui),
            check_page::<OperatorPage>(&ui),
            check_page::<RemovePage>(&ui),
            check_page::<KeysPage>(&ui),
            check_page::<NewKeyPage>(&ui),
            check_page::<KeyMadePage>(&ui),
            check_page::<RevokePage>(&ui),
            check_page::<AuditPage>(&ui),
            check_page::<GatewaysPage>(&ui),
            check_page::<ChooseProviderPage>(&ui),
            check_page::<GatewayPage>(&ui),
            check_page::<RemoveGatewayPage>(&ui),
            check_page::<DocsPage>(&ui),
            check_page::<SmtpPage>(&ui),
            check_page::<SmtpRemovePage>(&ui),
            check_page::<MailTemplatesPage>(&ui),
            check_page::<MailTemplatePage>(&ui),
            check_page::<MailResetPage>(&ui),
            check_page::<TextsPage>(&ui),
            check_page::<TextPage>(&ui),
            check_page::<MailsPage>(&ui),
            check_page::<MailPage>(&ui),
        ];
        let faulty = pages.iter().flatten().filter(|sample| !sample.faults.is_empty());
        let faulty: Vec<String> =
            faulty.map(|sample| format!("{}: {:#?}", sample.name, sample.faults)).collect();
        assert!(faulty.is_empty(), "{}", faulty.join("\n"));
    }
}
