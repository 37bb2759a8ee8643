//! Stripe's descriptions of     let stored = method.filter(|method| method.customer.is_some());s.

use portico_billing::payment_method::PaymentMethodKind;

use super::wire::{Detail, Method, MethodDetails, Setup, whole};
use crate::Kept;

/// The method that a SetupIntent stored.
pub fn of_set_up(set_up: &Setup) -> Kept {
    let attempt = whole(set_up.latest_attempt.as_ref());
    of_payment(
        whole(set_up.payment_method.as_ref()),
        attempt.and_then(|attempt| attempt.payment_method_details.as_ref()),
        set_up.customer.as_deref(),
    )
}

/// The method that was used, and its token where Stripe has it stored with a customer. `used` is
/// the same as the try recorded it: a payment by transfer stores not itself but a debit of the
/// account that it came from, with the payment's own `customer`.
pub fn of_payment(
    method: Option<&Method>,
    used: Option<&MethodDetails>,
    customer: Option<&str>,
) -> Kept {
    let detail_used = used.map(MethodDetails::detail).unwrap_or_default();
    if let (Some(debit), Some(customer)) = (detail_used.generated_sepa_debit.clone(), customer) {
        return Kept {
            token: Some(debit),
            profile: Some(customer.to_owned()),
            ..described(PaymentMethodKind::BankAccount, detail_used, holder(method))
        };
    }
    let Some(details) = method.map(|method| &method.details).or(used) else {
        return described(PaymentMethodKind::Other, Detail::default(), None);
    };
    let stored = method.filter(|method| method.customer.is_some());
    Kept {
        token: stored.map(|method| method.id.clone()),
        profile: stored.and_then(|method| method.customer.clone()),
        ..described(kind(&details.kind), details.detail(), holder(method))
    }
}

fn holder(method: Option<&Method>) -> Option<String> {
    method.and_then(|method| method.billing_details.as_ref()?.name.clone())
}

/// What is known of a method that is not stored.
fn described(kind: PaymentMethodKind, detail: Detail, holder: Option<String>) -> Kept {
    Kept {
        token: None,
        profile: None,
        kind,
        brand: brand(&detail),
        last4: detail.last4.or(detail.iban_last4),
        expiry: detail.exp_month.zip(detail.exp_year),
        holder: holder.or(detail.payer_email),
    }
}

fn kind(word: &str) -> PaymentMethodKind {
    match word {
        "card" => PaymentMethodKind::Card,
        "paypal" => PaymentMethodKind::Paypal,
        "acss_debit" | "au_becs_debit" | "bacs_debit" | "nz_bank_account" | "sepa_debit"
        | "us_bank_account" => PaymentMethodKind::BankAccount,
        _ => PaymentMethodKind::Other,
    }
}

/// The name that is printed on cards, or the bank.
fn brand(detail: &Detail) -> Option<String> {
    let word = detail.brand.as_deref().or(detail.bank_name.as_deref())?;
    let name = match word {
        "unknown" => return None,
        "amex" | "american_express" => "American Express",
        "cartes_bancaires" => "Cartes Bancaires",
        "diners" | "diners_club" => "Diners Club",
        "discover" => "Discover",
        "eftpos_au" | "eftpos_australia" => "eftpos",
        "jcb" => "JCB",
        "link" => "Link",
        "mastercard" => "Mastercard",
        "unionpay" => "UnionPay",
        "visa" => "Visa",
        other => other,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn method(value: serde_json::Value) -> Method {
        serde_json::from_value(value).expect("a method")
    }

    #[test]
    fn a_stored_card_has_a_token_and_what_customers_know_it_by() {
        let card = method(json!({
            "id": "pm_1", "object": "payment_method", "type": "card", "customer": "cus_1",
            "billing_details": {"name": "Jo Weber", "email": null},
            "card": {"brand": "amex", "last4": "0005", "exp_month": 8, "exp_year": 2031},
        }));
        let kept = of_payment(Some(&card), None, None);
        assert_eq!(kept.token.as_deref(), Some("pm_1"));
        assert_eq!(kept.profile.as_deref(), Some("cus_1"));
        assert_eq!(kept.kind, PaymentMethodKind::Card);
        assert_eq!(kept.brand.as_deref(), Some("American Express"));
        assert_eq!(kept.last4.as_deref(), Some("0005"));
        assert_eq!(kept.expiry, Some((8, 2031)));
        assert_eq!(kept.holder.as_deref(), Some("Jo Weber"));
    }

    #[test]
    fn what_is_not_stored_has_no_token() {
        let card = method(json!({
            "id": "pm_1", "type": "card", "customer": null,
            "card": {"brand": "visa", "last4": "4242", "exp_month": 1, "exp_year": 2030},
        }));
        let kept = of_payment(Some(&card), None, None);
        assert_eq!((kept.token, kept.profile), (None, None));
        assert_eq!(kept.brand.as_deref(), Some("Visa"));
    }

    #[test]
    fn a_transfer_leaves_a_debit_behind() {
        let ideal = method(json!({"id": "pm_1", "type": "ideal", "customer": null, "ideal": {}}));
        let used: MethodDetails = serde_json::from_value(json!({
            "type": "ideal",
            "ideal": {"bank": "ing", "iban_last4": "3000", "generated_sepa_debit": "pm_2"},
        }))
        .expect("details");
        let kept = of_payment(Some(&ideal), Some(&used), Some("cus_1"));
        assert_eq!(kept.token.as_deref(), Some("pm_2"));
        assert_eq!(kept.profile.as_deref(), Some("cus_1"));
        assert_eq!(kept.kind, PaymentMethodKind::BankAccount);
        assert_eq!(kept.last4.as_deref(), Some("3000"));
    }

    #[test]
    fn other_kinds_are_told_apart() {
        let paypal = method(json!({
            "id": "pm_1", "type": "paypal", "customer": "cus_1",
            "paypal": {"payer_email": "jo@example.com"},
        }));
        let kept = of_payment(Some(&paypal), None, None);
        assert_eq!(kept.kind, PaymentMethodKind::Paypal);
        assert_eq!(kept.holder.as_deref(), Some("jo@example.com"));

        let bank = method(json!({
            "id": "pm_1", "type": "us_bank_account", "customer": "cus_1",
            "us_bank_account": {"bank_name": "STRIPE TEST BANK", "last4": "6789"},
        }));
        let kept = of_payment(Some(&bank), None, None);
        assert_eq!(kept.kind, PaymentMethodKind::BankAccount);
        assert_eq!(kept.brand.as_deref(), Some("STRIPE TEST BANK"));

        let odd = method(json!({"id": "pm_1", "type": "a_new_one", "customer": null}));
        assert_eq!(of_payment(Some(&odd), None, None).kind, PaymentMethodKind::Other);
        assert_eq!(of_payment(None, None, None).kind, PaymentMethodKind::Other);
    }
}
