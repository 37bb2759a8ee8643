//! Stripe's words for why a payment, a set-up or a refund was not made, in those that customers are
//! told (<https://docs.stripe.com/declines/codes>, <https://docs.stripe.com/error-codes>).

use portico_billing::gateway::DeclineReason;

use crate::Declined;

/// The reason behind a decline code or, where there is none, an error code. What Stripe asks to
/// present like `generic_decline` (lost, stolen, suspected of fraud) is plainly declined, and so is
/// what is new.
pub fn reason(code: &str) -> DeclineReason {
    match code {
        "insufficient_funds" => DeclineReason::InsufficientFunds,
        "expired_card" | "invalid_expiry_month" | "invalid_expiry_year" => DeclineReason::Expired,
        "incorrect_address"
        | "incorrect_cvc"
        | "incorrect_number"
        | "incorrect_pin"
        | "incorrect_zip"
        | "invalid_account"
        | "invalid_cvc"
        | "invalid_number"
        | "invalid_pin"
        | "invalid_bank_account_iban"
        | "no_account"
        | "postal_code_invalid" => DeclineReason::WrongDetails,
        "payment_intent_authentication_failure"
        | "setup_intent_authentication_failure"
        | "mobile_device_authentication_required"
        | "payment_method_customer_decline" => DeclineReason::NotAuthenticated,
        "authentication_required"
        | "authentication_not_handled"
        | "offline_pin_required"
        | "online_or_offline_pin_required" => DeclineReason::CustomerNeeded,
        "payment_intent_payment_attempt_expired" | "payment_method_provider_timeout" => {
            DeclineReason::Abandoned
        }
        "account_closed"
        | "bank_account_unusable"
        | "debit_not_authorized"
        | "new_account_information_available"
        | "payment_intent_mandate_invalid"
        | "payment_method_unactivated"
        | "revocation_of_all_authorizations"
        | "revocation_of_authorization"
        | "setup_intent_mandate_invalid" => DeclineReason::MethodGone,
        "card_velocity_exceeded"
        | "card_decline_rate_limit_exceeded"
        | "invalid_amount"
        | "withdrawal_count_limit_exceeded" => DeclineReason::TooMuch,
        code if exceeds(code) => DeclineReason::TooMuch,
        _ => DeclineReason::Declined,
    }
}

/// The refusals of a request that mean the payment, not the request: everything else about the same
/// request would have been taken.
pub fn of_request(code: &str) -> Option<DeclineReason> {
    exceeds(code).then_some(DeclineReason::TooMuch)
}

fn exceeds(code: &str) -> bool {
    matches!(
        code,
        "amount_too_large"
            | "charge_exceeds_source_limit"
            | "charge_exceeds_transaction_limit"
            | "charge_exceeds_weekly_limit"
    )
}

/// A cancelled PaymentIntent or SetupIntent, by its `cancellation_reason`. `automatic` and
/// `expired` are Stripe's own, after the time that a page or an authorization has.
pub fn canceled(reason: Option<&str>) -> Declined {
    let told = match reason {
        Some("fraudulent" | "failed_invoice" | "void_invoice") => DeclineReason::Declined,
        _ => DeclineReason::Abandoned,
    };
    Declined { reason: told, code: format!("canceled:{}", reason.unwrap_or("unknown")) }
}

/// A refund that was not made, by its `failure_reason`
/// (<https://docs.stripe.com/refunds#failed-refunds>).
pub fn refund(reason: &str) -> Declined {
    let told = match reason {
        "expired_or_canceled_card" | "lost_or_stolen_card" => DeclineReason::MethodGone,
        "insufficient_funds" => DeclineReason::InsufficientFunds,
        _ => DeclineReason::Declined,
    };
    Declined { reason: told, code: reason.to_owned() }
}

/// The refusals of a refund that no later attempt would change.
pub fn of_refund_request(code: &str) -> Option<DeclineReason> {
    match code {
        "charge_already_refunded" => Some(DeclineReason::TooMuch),
        "charge_disputed" => Some(DeclineReason::Declined),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published table of decline codes, and the error codes of cards and intents.
    const CODES: &[(&str, DeclineReason)] = &[
        ("approve_with_id", DeclineReason::Declined),
        ("authentication_required", DeclineReason::CustomerNeeded),
        ("call_issuer", DeclineReason::Declined),
        ("card_decline_rate_limit_exceeded", DeclineReason::TooMuch),
        ("card_declined", DeclineReason::Declined),
        ("card_not_supported", DeclineReason::Declined),
        ("card_velocity_exceeded", DeclineReason::TooMuch),
        ("currency_not_supported", DeclineReason::Declined),
        ("do_not_honor", DeclineReason::Declined),
        ("do_not_try_again", DeclineReason::Declined),
        ("duplicate_transaction", DeclineReason::Declined),
        ("expired_card", DeclineReason::Expired),
        ("fraudulent", DeclineReason::Declined),
        ("generic_decline", DeclineReason::Declined),
        ("incorrect_address", DeclineReason::WrongDetails),
        ("incorrect_cvc", DeclineReason::WrongDetails),
        ("incorrect_number", DeclineReason::WrongDetails),
        ("incorrect_pin", DeclineReason::WrongDetails),
        ("incorrect_zip", DeclineReason::WrongDetails),
        ("insufficient_funds", DeclineReason::InsufficientFunds),
        ("invalid_account", DeclineReason::WrongDetails),
        ("invalid_amount", DeclineReason::TooMuch),
        ("invalid_cvc", DeclineReason::WrongDetails),
        ("invalid_expiry_month", DeclineReason::Expired),
        ("invalid_expiry_year", DeclineReason::Expired),
        ("invalid_number", DeclineReason::WrongDetails),
        ("invalid_pin", DeclineReason::WrongDetails),
        ("issuer_not_available", DeclineReason::Declined),
        ("lost_card", DeclineReason::Declined),
        ("merchant_blacklist", DeclineReason::Declined),
        ("mobile_device_authentication_required", DeclineReason::NotAuthenticated),
        ("new_account_information_available", DeclineReason::MethodGone),
        ("no_action_taken", DeclineReason::Declined),
        ("not_permitted", DeclineReason::Declined),
        ("offline_pin_required", DeclineReason::CustomerNeeded),
        ("online_or_offline_pin_required", DeclineReason::CustomerNeeded),
        ("payment_intent_authentication_failure", DeclineReason::NotAuthenticated),
        ("payment_intent_mandate_invalid", DeclineReason::MethodGone),
        ("payment_intent_payment_attempt_expired", DeclineReason::Abandoned),
        ("payment_intent_payment_attempt_failed", DeclineReason::Declined),
        ("payment_method_provider_decline", DeclineReason::Declined),
        ("pickup_card", DeclineReason::Declined),
        ("pin_try_exceeded", DeclineReason::Declined),
        ("processing_error", DeclineReason::Declined),
        ("reenter_transaction", DeclineReason::Declined),
        ("restricted_card", DeclineReason::Declined),
        ("revocation_of_all_authorizations", DeclineReason::MethodGone),
        ("revocation_of_authorization", DeclineReason::MethodGone),
        ("security_violation", DeclineReason::Declined),
        ("service_not_allowed", DeclineReason::Declined),
        ("setup_intent_authentication_failure", DeclineReason::NotAuthenticated),
        ("stolen_card", DeclineReason::Declined),
        ("stop_payment_order", DeclineReason::Declined),
        ("testmode_decline", DeclineReason::Declined),
        ("transaction_not_allowed", DeclineReason::Declined),
        ("try_again_later", DeclineReason::Declined),
        ("withdrawal_count_limit_exceeded", DeclineReason::TooMuch),
        ("a_code_of_next_year", DeclineReason::Declined),
    ];

    #[test]
    fn each_code_has_its_reason() {
        for &(code, expected) in CODES {
            assert_eq!(reason(code), expected, "{code}");
        }
    }

    #[test]
    fn prv_02_nobody_learns_that_a_card_is_reported_or_suspected() {
        for code in ["fraudulent", "lost_card", "stolen_card", "pickup_card", "merchant_blacklist"]
        {
            assert_eq!(reason(code), reason("generic_decline"), "{code}");
        }
    }

    #[test]
    fn who_cancelled_decides() {
        let told = |reason| canceled(reason).reason;
        for left in [Some("abandoned"), Some("automatic"), Some("expired"), None] {
            assert_eq!(told(left), DeclineReason::Abandoned, "{left:?}");
        }
        assert_eq!(told(Some("fraudulent")), DeclineReason::Declined);
        assert_eq!(canceled(Some("expired")).code, "canceled:expired");
    }

    #[test]
    fn refunds_fail_for_reasons_of_their_own() {
        assert_eq!(refund("expired_or_canceled_card").reason, DeclineReason::MethodGone);
        assert_eq!(refund("insufficient_funds").reason, DeclineReason::InsufficientFunds);
        assert_eq!(refund("unknown").reason, DeclineReason::Declined);
        assert_eq!(of_refund_request("charge_already_refunded"), Some(DeclineReason::TooMuch));
        assert_eq!(of_refund_request("charge_disputed"), Some(DeclineReason::Declined));
        assert_eq!(of_refund_request("parameter_missing"), None);
    }
}
