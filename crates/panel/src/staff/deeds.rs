//! What the audit log says, in words: each action has a text, `deed-<with hyphens>`.

/// The actions that have a text. Any other, of an older or newer version, is shown as it is.
const KNOWN: [&str; 89] = [
    "api_key.created",
    "api_key.revoked",
    "brand.created",
    "brand.made_default",
    "brand.removed",
    "brand.updated",
    "brand_looks.discarded",
    "brand_looks.drafted",
    "brand_looks.published",
    "brand_looks.rolled_back",
    "brand_smtp.removed",
    "brand_smtp.saved",
    "brand_smtp.tried",
    "brand_template.removed",
    "brand_template.saved",
    "brand_text.reset",
    "brand_text.saved",
    "contact.created",
    "contact.password_link_mailed",
    "contact.temporary_password_mailed",
    "contact.updated",
    "contract.created",
    "contract.updated",
    "credit.used",
    "credit_note.created",
    "credit_note.updated",
    "customer.created",
    "customer.updated",
    "domain.added",
    "domain.lapsed",
    "domain.removed",
    "entitlement.created",
    "entitlement.updated",
    "file.removed",
    "file.uploaded",
    "gateway.created",
    "gateway.deleted",
    "gateway.tested",
    "gateway.updated",
    "gateway_notice.replayed",
    "invoice.created",
    "invoice.updated",
    "invoice.written_off",
    "mail_template.reset",
    "mail_template.saved",
    "operator.invited",
    "operator.joined",
    "operator.password_changed",
    "operator.password_reset",
    "operator.recovery_code_used",
    "operator.recovery_codes_renewed",
    "operator.removed",
    "operator.second_factor_off",
    "operator.second_factor_on",
    "operator.set_up",
    "operator.signed_in",
    "operator.updated",
    "organisation.updated",
    "pay_link.created",
    "pay_link.revoked",
    "payment.allocated",
    "payment.cancelled",
    "payment.created",
    "payment.dispute_won",
    "payment.disputed",
    "payment.looked_at",
    "payment.updated",
    "payment_attempt.dismissed",
    "payment_attempt.looked_up",
    "payment_method.created",
    "payment_method.updated",
    "portal.opened",
    "portal_session.created",
    "portal_session.revoked",
    "refund.came_back",
    "refund.created",
    "refund.ordered",
    "refund.updated",
    "sign_up.approved",
    "sign_up.confirmed",
    "sign_up.refused",
    "subscription.created",
    "subscription.updated",
    "voucher.credited",
    "voucher.redeemed",
    "voucher.voided",
    "voucher_batch.created",
    "voucher_batch.exported",
    "voucher_batch.voided",
];

/// The key of the text of an action.
pub fn text_key(action: &str) -> Option<String> {
    KNOWN.contains(&action).then(|| format!("deed-{}", action.replace(['.', '_'], "-")))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use portico_core::records::Record;
    use portico_ui::TextArgs;
    use portico_ui::texts::Texts;

    use super::*;
    use crate::nouns::{Visitor, visit_all};

    /// What stands before an action in the source of the core.
    const BEFORE: [&str; 6] = ["Change::new(", "event(", "change(", "kind:", "=>", "{"];

    /// Noun and verb: `brand.updated`.
    fn is_action(literal: &str) -> bool {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        literal.split_once('.').is_some_and(|(noun, verb)| word(noun) && word(verb))
    }

    fn actions_in(source: &str, found: &mut Vec<String>) {
        let (code, _) = source.split_once("#[cfg(test)]").unwrap_or((source, ""));
        for (at, _) in code.match_indices('"') {
            let before = code[..at].trim_end();
            let literal = code[at + 1..].split('"').next().unwrap_or_default();
            if is_action(literal) && BEFORE.iter().any(|sign| before.ends_with(sign)) {
                found.push(literal.to_owned());
            }
        }
    }

    fn read_folder(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read_folder(&path, found);
            } else {
                actions_in(&fs::read_to_string(&path).expect("a source"), found);
            }
        }
    }

    struct OfRecords(Vec<String>);

    impl Visitor for OfRecords {
        fn visit<R: Record>(&mut self) {
            let noun = R::SINGULAR.replace(' ', "_");
            self.0.extend(["created", "updated"].map(|verb| format!("{noun}.{verb}")));
        }
    }

    #[test]
    fn every_action_that_the_core_writes_has_a_text() {
        let mut written = OfRecords(Vec::new());
        visit_all(&mut written);
        let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
        read_folder(&core, &mut written.0);
        for seen in ["operator.signed_in", "operator.joined", "refund.created", "brand.updated"] {
            assert!(written.0.iter().any(|action| action == seen), "{seen} was not found");
        }
        let nameless: Vec<_> =
            written.0.iter().filter(|action| text_key(action).is_none()).collect();
        assert!(nameless.is_empty(), "{nameless:?}");
    }

    #[test]
    fn every_known_action_has_its_text_in_every_language() {
        let texts = Texts::load().expect("texts");
        for language in texts.languages() {
            for action in KNOWN {
                let key = text_key(action).expect("a key");
                let text = texts.get(language, &key, &TextArgs::new());
                assert!(text.is_ok_and(|text| !text.is_empty()), "{language} {key}");
            }
        }
    }

    #[test]
    fn what_is_unknown_has_no_text() {
        assert_eq!(text_key("thing.done"), None);
        assert_eq!(text_key("api_key.created").as_deref(), Some("deed-api-key-created"));
    }
}
