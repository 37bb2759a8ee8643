//! Every page on its samples, in every language and theme.

use std::collections::BTreeSet;
use std::path::Path;

use portico_ui::samples::check_page;
use portico_ui::{Ui, UiSettings};

/// The names of all pages, and all faults of their samples.
macro_rules! check_pages {
    ($ui:expr, $($module:path as $($page:ident),+;)*) => {{
        let mut names: BTreeSet<&str> = BTreeSet::new();
        let mut faults: Vec<String> = Vec::new();
        $({
            use $module::*;
            $(
                names.insert(stringify!($page));
                for sample in check_page::<$page>($ui) {
                    let name = sample.name;
                    faults.extend(sample.faults.iter().map(|fault| format!("{name}: {fault}")));
                }
            )+
        })*
        (names, faults)
    }};
}

#[test]
fn every_page_is_fine_on_its_samples() {
    let settings = UiSettings { reload: false, ..UiSettings::new(crate::PATHS) };
    let ui = Ui::new(settings).unwrap();
    let (names, faults) = check_pages! {
        &ui,
        crate::entry as InsecurePage, LinkOverPage;
        crate::entry::email as ConfirmEmailPage;
        crate::entry::ended as EndedPage;
        crate::entry::link as SwitchPage;
        crate::entry::mailed as SentPage, MailedLinkPage;
        crate::entry::out as SignedOutPage;
        crate::entry::password as ForgotPage, ResetPage;
        crate::entry::sign_in as SignInPage;
        crate::overview as OverviewPage;
        crate::invoices::list as InvoicesPage;
        crate::invoices::detail as InvoicePage;
        crate::credit_notes as CreditNotePage;
        crate::payments::list as PaymentsPage;
        crate::payments::detail as PaymentPage;
        crate::entitlements as EntitlementsPage, EntitlementPage;
        crate::subscriptions as SubscriptionsPage, SubscriptionPage;
        crate::contracts as ContractsPage, ContractPage;
        crate::payment_methods as PaymentMethodsPage, PaymentMethodPage;
        crate::account::profile as ProfilePage;
        crate::account::billing as BillingPage;
        crate::account::security as SecurityPage;
    };
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let written = pages_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    let names: BTreeSet<String> = names.into_iter().map(str::to_owned).collect();
    assert_eq!(names, written, "a page is missing in the list above");
}

/// The names of all types with `impl Page for` in the sources.
fn pages_of(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(pages_of(&path));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let implementations = text.lines().filter_map(|line| line.strip_prefix("impl Page for "));
        names.extend(implementations.map(|name| name.trim_end_matches(" {").to_owned()));
    }
    names
}
