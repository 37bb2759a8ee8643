//! The whole configuration of an organisation: read, compared, applied.

mod gateways;
mod parts;
mod whole;

use portico_billing::LanguageTag;
use portico_billing::brand::{BrandText, ProfileField};
use portico_billing::section::Section;
use portico_billing::smtp::SmtpSecurity;
use portico_core::Caller;
use portico_core::configuration::{
    Applied, ApplyOptions, BrandEntry, Configuration, MailEntry, SmtpEntry, WordingRules,
};
use portico_core::files::{FileKind, NewFile};
use portico_core::looks::{LegalLinkInput, LooksInput};
use portico_core::mail::MailWording;
use portico_core::records::{InputFault, Rejection};
use portico_store::Position;
use portico_store::audit::{AuditEntry, AuditFilter};
use serde_json::json;

use crate::common::World;

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>\
    <rect width='40' height='20' fill='#2f5bea'/></svg>";

/// Refuses what says that it is bad.
struct Rules;

impl Rules {
    fn judge(field: &str, text: &str) -> Vec<InputFault> {
        let fault = InputFault { field: field.to_owned(), message: "is bad".to_owned() };
        if text.contains("BAD") { vec![fault] } else { Vec::new() }
    }
}

impl WordingRules for Rules {
    fn looks(&self, looks: &LooksInput) -> Vec<InputFault> {
        Self::judge("css", &looks.css)
    }

    fn mail(&self, _: &str, _: &LanguageTag, wording: &MailWording) -> Vec<InputFault> {
        Self::judge("body", &wording.body)
    }

    fn text(&self, text: &BrandText) -> Vec<InputFault> {
        Self::judge("", &text.text)
    }
}

const KEEP: ApplyOptions = ApplyOptions { dry_run: false, remove: false };
const REMOVE: ApplyOptions = ApplyOptions { dry_run: false, remove: true };
const DRY: ApplyOptions = ApplyOptions { dry_run: true, remove: false };

impl World {
    fn system(&self) -> Caller {
        Caller::system(self.organisation.id)
    }

    async fn export(&self) -> Configuration {
        self.core.configuration(&self.system()).await.expect("a configuration")
    }

    async fn apply(
        &self,
        configuration: &Configuration,
        options: ApplyOptions,
    ) -> Result<Applied, Rejection> {
        self.core.apply_configuration(&self.system(), configuration, options, &Rules).await
    }

    async fn log(&self) -> Vec<AuditEntry> {
        let mut read = self.db.store.read(self.organisation.id).await.expect("a connection");
        let found = read.audit_entries(AuditFilter::default(), Position::START, 500).await;
        found.expect("entries")
    }

    /// Two brands with something of everything.
    async fn furnish(&self) {
        let picture = |name: &str, kind| NewFile {
            name: name.to_owned(),
            kind,
            bytes: SVG.as_bytes().to_vec(),
        };
        let caller = self.system();
        for kind in [FileKind::Logo, FileKind::Icon] {
            self.core.upload_file(&caller, picture("logo.svg", kind)).await.expect("a file");
        }
        self.customer("template").await;
        let mut configuration = self.export().await;
        let organisation = configuration.organisation.as_mut().expect("the organisation");
        organisation.legal_name = Some("Acme GmbH".to_owned());
        organisation.address.country = Some("DE".to_owned());
        organisation.address.city = Some("Köln".to_owned());
        organisation.invoice_prefix = "2026/".to_owned();
        organisation.require_second_factor = Some(true);
        let brands = configuration.brands.as_mut().expect("brands");
        brands[0] = furnished(brands[0].clone());
        brands.push(BrandEntry {
            domains: Some(vec!["pay.nimbus.test".to_owned(), "b.nimbus.test".to_owned()]),
            ..furnished(entry("Nimbus \"Cloud\""))
        });
        self.apply(&configuration, KEEP).await.expect("applied");
    }
}

fn entry(name: &str) -> BrandEntry {
    serde_json::from_value(json!({ "name": name })).expect("an entry")
}

fn furnished(brand: BrandEntry) -> BrandEntry {
    let mail = MailEntry {
        subject: "Hello {{name}}".to_owned(),
        body: "Hello,\n\n{{action_button}}\n".to_owned(),
    };
    let sign_up =
        json!({"customers": true, "template_customer": "template", "currencies": ["EUR"]});
    BrandEntry {
        default_language: "es".to_owned(),
        editable_fields: vec![ProfileField::Name],
        hidden_sections: vec![Section::Balance, Section::Exports],
        sign_up: serde_json::from_value(sign_up).expect("settings"),
        looks: Some(LooksInput {
            accent: "#112233".to_owned(),
            logo: Some("logo.svg".to_owned()),
            favicon: Some("logo.svg (2)".to_owned()),
            css: "a {\n  background: url(/brand/files/{logo.svg});\n}".to_owned(),
            script: "let a = '\\\\';\nlet b = \"'''\";".to_owned(),
            legal_links: vec![LegalLinkInput {
                label: "Terms".to_owned(),
                url: "https://acme.test/terms".to_owned(),
            }],
            ..LooksInput::default()
        }),
        smtp: Some(SmtpEntry {
            server: Some("mail.acme.test".to_owned()),
            port: Some(465),
            security: Some(SmtpSecurity::Tls),
            username: Some("acme".to_owned()),
            password: Some("s3cret-word".to_owned()),
            from_address: Some("billing@acme.test".to_owned()),
            ..SmtpEntry::default()
        }),
        mail_templates: Some(
            [("sign-in-link".to_owned(), [("en".to_owned(), mail)].into())].into(),
        ),
        texts: Some(
            [("es".to_owned(), [("menu-home".to_owned(), "Mi casa".to_owned())].into())].into(),
        ),
        ..brand
    }
}

/// The first brand of a configuration.
fn first(configuration: &mut Configuration) -> &mut BrandEntry {
    &mut configuration.brands.as_mut().expect("brands")[0]
}

/// The paths that are at fault.
#[track_caller]
fn paths(outcome: Result<Applied, Rejection>) -> Vec<String> {
    match outcome {
        Err(Rejection::Invalid(faults)) => faults.into_iter().map(|it| it.field).collect(),
        other => panic!("not refused for its values: {other:?}"),
    }
}
