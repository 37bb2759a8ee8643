//! The list of all pages: for their tests, and for the check of templates that a brand replaces.

use std::path::Path;

use portico_ui::errors::ErrorPage;
use portico_ui::overrides::{OverrideFault, Trial};
use portico_ui::{Page, Ui, UiError};

/// Something that is done with every page.
pub(crate) trait PageVisitor {
    /// One page; `name` is that of its type.
    fn visit<P: Page>(&mut self, name: &'static str);
}

macro_rules! pages {
    ($($module:path as $($page:ident),+;)*) => {
        /// Visits every page of the site.
        pub(crate) fn visit_all(visitor: &mut impl PageVisitor) {
            $({
                use $module::*;
                $(visitor.visit::<$page>(stringify!($page));)+
            })*
        }
    };
}

pages! {
    crate::entry as InsecurePage, LinkOverPage;
    crate::entry::email as ConfirmEmailPage;
    crate::entry::ended as EndedPage;
    crate::entry::link as SwitchPage;
    crate::entry::mailed as SentPage, MailedLinkPage;
    crate::entry::out as SignedOutPage;
    crate::entry::password as ForgotPage, ResetPage;
    crate::entry::sign_in as SignInPage;
    crate::entry::sign_up as SignUpPage, SignUpSentPage;
    crate::entry::sign_up_confirm as SignUpConfirmPage, PendingPage;
    crate::entry::choose as ChoosePage;
    crate::overview as OverviewPage;
    crate::invoices::list as InvoicesPage;
    crate::invoices::detail as InvoicePage;
    crate::credit_notes as CreditNotePage;
    crate::balance as BalancePage;
    crate::vouchers as VouchersPage, RedeemPage;
    crate::pay as LookOnlyPage;
    crate::pay::invoices as PayPage;
    crate::pay::refill as RefillPage;
    crate::pay::attempt as AttemptPage;
    crate::pay::sandbox as SandboxPage;
    crate::pay::credit as CreditUsePage;
    crate::linked as PayLinkOverPage;
    crate::linked::invoice as LinkedInvoicePage;
    crate::linked::attempt as LinkedAttemptPage;
    crate::linked::sandbox as LinkedSandboxPage;
    crate::payments::list as PaymentsPage;
    crate::payments::detail as PaymentPage;
    crate::entitlements as EntitlementsPage, EntitlementPage;
    crate::subscriptions as SubscriptionsPage, SubscriptionPage;
    crate::contracts as ContractsPage, ContractPage;
    crate::payment_methods as PaymentMethodsPage, PaymentMethodPage;
    crate::account::profile as ProfilePage;
    crate::account::billing as BillingPage;
    crate::account::security as SecurityPage;
}

/// What a folder of overrides holds, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateCheck {
    /// How many templates are overridden.
    pub overridden: usize,
    /// All faults, by file and line.
    pub faults: Vec<OverrideFault>,
}

/// Renders every page with the overrides in `folder`, in every state and language.
///
/// # Errors
/// Where the texts cannot be loaded.
pub fn check_templates(ui: &Ui, folder: &Path) -> Result<TemplateCheck, UiError> {
    let trial = Trial::new(ui, folder)?;
    Ok(TemplateCheck { overridden: trial.len(), faults: try_templates(&trial) })
}

/// Renders every page with the overrides on trial: all faults, by file and line.
#[must_use]
pub fn try_templates(trial: &Trial) -> Vec<OverrideFault> {
    let mut check = Check { faults: trial.files(), trial };
    if !trial.is_empty() {
        visit_all(&mut check);
        check.visit::<ErrorPage>("ErrorPage");
    }
    let mut faults = check.faults;
    faults.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    // What fails in a layout fails on every page.
    faults.dedup_by(|one, other| (&one.file, one.line) == (&other.file, other.line));
    faults
}

struct Check<'a> {
    trial: &'a Trial,
    faults: Vec<OverrideFault>,
}

impl PageVisitor for Check<'_> {
    fn visit<P: Page>(&mut self, _name: &'static str) {
        self.faults.extend(self.trial.page::<P>());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use portico_ui::UiSettings;
    use portico_ui::overrides;

    use super::*;

    fn ui() -> Ui {
        Ui::new(UiSettings { reload: false, ..UiSettings::new(crate::PATHS) }).unwrap()
    }

    #[test]
    fn what_is_shipped_passes_as_an_override_too() {
        let folder = tempfile::tempdir().unwrap();
        overrides::export(folder.path()).unwrap();
        // Without its manifest each file counts as changed.
        fs::remove_file(folder.path().join(overrides::MANIFEST)).unwrap();
        let check = check_templates(&ui(), folder.path()).unwrap();
        assert!(check.overridden > 50, "{}", check.overridden);
        assert_eq!(check.faults, []);
    }

    #[test]
    fn a_fault_in_a_layout_is_named_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("layouts")).unwrap();
        fs::write(folder.path().join("layouts/portal.html"), "\n{{ frame.absent.name }}").unwrap();
        let check = check_templates(&ui(), folder.path()).unwrap();
        let places: Vec<_> =
            check.faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect();
        assert_eq!(places, [("layouts/portal.html", Some(2))]);
        assert_eq!(check.overridden, 1);
    }
}
