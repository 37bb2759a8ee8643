//! Methods as the provider describes them: masked, and nothing but the last four characters is
//! taken over.

use portico_billing::payment_method::PaymentMethodKind;
use roxmltree::Node;

use super::xml::{children, find, required, value};
use crate::{GatewayError, Kept};

/// The method of a `transaction`, with its token where a stored one was charged.
pub(super) fn of_transaction(node: Node<'_, '_>) -> Kept {
    let owned = |path: &[&'static str]| value(node, path).map(ToOwned::to_owned);
    Kept {
        token: owned(&["profile", "customerPaymentProfileId"]),
        profile: owned(&["profile", "customerProfileId"]),
        ..described(node)
    }
}

/// The methods of a `getCustomerProfileResponse`.
pub(super) fn of_profile(root: Node<'_, '_>) -> Result<Vec<Kept>, GatewayError> {
    let Some(profile) = find(root, &["profile"]) else { return Ok(Vec::new()) };
    let customer = required(profile, &["customerProfileId"])?;
    let read = |node| {
        Ok(Kept {
            token: Some(required(node, &["customerPaymentProfileId"])?.to_owned()),
            profile: Some(customer.to_owned()),
            ..described(node)
        })
    };
    children(profile, "paymentProfiles").map(read).collect()
}

/// What `payment` and `billTo` say.
fn described(node: Node<'_, '_>) -> Kept {
    let payment = |path: &[&'static str]| find(node, &["payment"]).and_then(|it| value(it, path));
    let card = |name| payment(&["creditCard", name]);
    let token = |name| payment(&["tokenInformation", name]);
    let bank = |name| payment(&["bankAccount", name]);
    let kind = match find(node, &["payment", "bankAccount"]) {
        Some(_) => PaymentMethodKind::BankAccount,
        None => PaymentMethodKind::Card,
    };
    let number = card("cardNumber").or_else(|| token("tokenNumber"));
    let expires = card("expirationDate").or_else(|| token("expirationDate"));
    Kept {
        token: None,
        profile: None,
        kind,
        brand: card("cardType").map(brand).or_else(|| bank("bankName").map(ToOwned::to_owned)),
        last4: number.or_else(|| bank("accountNumber")).and_then(last4),
        expiry: expires.and_then(expiry),
        holder: bank("nameOnAccount").map(ToOwned::to_owned).or_else(|| holder(node)),
    }
}

/// The last four of `XXXX1111`.
fn last4(masked: &str) -> Option<String> {
    let (_, last) = masked.split_at_checked(masked.len().checked_sub(4)?)?;
    last.bytes().all(|byte| byte.is_ascii_alphanumeric()).then(|| last.to_owned())
}

/// The month and year of `2027-08`; nothing of `XXXX`.
fn expiry(text: &str) -> Option<(u8, u16)> {
    let (year, month) = text.split_once('-')?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((month, year.parse().ok()?))
}

/// The names that people know the card types (`cardTypeEnum`) by.
fn brand(card_type: &str) -> String {
    let known = match card_type {
        "MasterCard" => "Mastercard",
        "AmericanExpress" => "American Express",
        "DinersClub" => "Diners Club",
        other => other,
    };
    known.to_owned()
}

fn holder(node: Node<'_, '_>) -> Option<String> {
    let names = ["firstName", "lastName"].map(|name| value(node, &["billTo", name]));
    let names: Vec<&str> = names.into_iter().flatten().collect();
    (!names.is_empty()).then(|| names.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorize_net::xml::with_root;

    fn kept(payment: &str) -> Kept {
        let xml = format!(
            "<a><billTo><firstName>Ann</firstName><lastName>Lee</lastName></billTo>\
             <payment>{payment}</payment></a>"
        );
        with_root(xml.as_bytes(), |root| Ok(described(root))).expect("XML")
    }

    #[test]
    fn a_card_has_a_brand_four_digits_and_a_month() {
        let card = kept(
            "<creditCard><cardNumber>XXXX0015</cardNumber><expirationDate>2027-08\
             </expirationDate><cardType>MasterCard</cardType></creditCard>",
        );
        assert_eq!(card.kind, PaymentMethodKind::Card);
        assert_eq!(card.brand.as_deref(), Some("Mastercard"));
        assert_eq!(card.last4.as_deref(), Some("0015"));
        assert_eq!(card.expiry, Some((8, 2027)));
        assert_eq!(card.holder.as_deref(), Some("Ann Lee"));
    }

    #[test]
    fn prv_02_never_more_than_the_last_four_is_taken_over() {
        let numbers = [
            ("creditCard", "cardNumber"),
            ("tokenInformation", "tokenNumber"),
            ("bankAccount", "accountNumber"),
        ];
        for (kind, name) in numbers {
            let whole = "9999999999990015";
            let method = kept(&format!("<{kind}><{name}>{whole}</{name}></{kind}>"));
            assert_eq!(method.last4.as_deref(), Some("0015"));
            assert!(!format!("{method:?}").contains("99990015"));
        }
    }

    #[test]
    fn what_is_masked_is_not_known() {
        assert_eq!(expiry("XXXX"), None);
        assert_eq!(expiry("2027-13"), None);
        assert_eq!(last4("XXX"), None);
        assert_eq!(last4("1é34"), None);
    }
}
