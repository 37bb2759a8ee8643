//! What a form says is to be paid, read by the exponent of its currency (PAY-07).

use portico_billing::money::MAX_MINOR;
use portico_billing::{Currency, GatewayId, InvoiceId, Money, PaymentMethodId};
use portico_core_api::PayOrder;
use portico_ui::formats::read_amount;
use portico_ui::{FormState, TextArgs};
use serde::Deserialize;
use url::Url;

/// The field with the form's own key.
pub(super) const KEY: &str = "key";
/// Keys are 22 characters long.
const KEY_LENGTH_MAX: usize = 64;
/// The choice of another amount than those on offer.
pub(super) const OTHER: &str = "other";
/// The choice of what is to be paid next of the invoices.
pub(super) const NEXT: &str = "next";
/// The choice of all that remains of them, due or not.
pub(super) const ALL: &str = "all";

/// The fields of a form in the order in which they were sent; some of them come more than once.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The last value; empty where there is none.
    fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The invoices whose boxes are ticked.
    pub fn invoices(&self) -> Vec<InvoiceId> {
        self.all("invoices").filter_map(|id| id.parse().ok()).collect()
    }

    /// The currency of the form.
    pub fn currency(&self) -> Option<Currency> {
        self.get("currency").parse().ok()
    }
}

/// What is wrong with which field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Faults(Vec<(&'static str, &'static str, TextArgs)>);

impl Faults {
    /// The form with them.
    pub fn onto(self, form: FormState) -> FormState {
        self.0.into_iter().fold(form, |form, (field, key, args)| form.with_fault(field, key, args))
    }

    fn add(&mut self, field: &'static str, key: &'static str) {
        self.0.push((field, key, TextArgs::new()));
    }

    fn add_amount(&mut self, currency: Currency) {
        let args = TextArgs::new().number("decimals", i64::from(currency.exponent()));
        self.0.push(("amount", "pay-fault-amount", args));
    }
}

/// The invoices that are ticked, with what is to be paid next of them, all that remains, or another
/// amount; by credit first where its box is ticked.
pub(super) fn of_invoices(fields: &Fields, site: Url) -> Result<PayOrder, Faults> {
    let mut faults = Faults::default();
    let invoices = fields.invoices();
    if invoices.is_empty() {
        faults.add("invoices", "pay-fault-no-invoices");
    }
    let amount = match (fields.get("amount"), fields.currency()) {
        ("", _) | (_, None) => None,
        (typed, Some(currency)) => {
            let amount = amount(typed, currency);
            if amount.is_none() {
                faults.add_amount(currency);
            }
            amount
        }
    };
    let whole = match fields.get("scope") {
        "" | NEXT => false,
        // Which of the two is meant is not guessed where it is about money.
        ALL if !fields.get("amount").is_empty() => {
            faults.add("amount", "pay-fault-two-amounts");
            false
        }
        ALL => true,
        _ => {
            faults.add("amount", "fault-not-a-choice");
            false
        }
    };
    let credit = !fields.get("credit").is_empty();
    let order = order(fields, site, (invoices, amount, credit), faults)?;
    Ok(PayOrder { whole, ..order })
}

/// No invoice, and one of the amounts on offer or another.
pub(super) fn of_refill(fields: &Fields, site: Url) -> Result<PayOrder, Faults> {
    let mut faults = Faults::default();
    let currency = fields.currency();
    let amount = match (fields.get("sum"), fields.get("amount")) {
        ("" | OTHER, typed) => currency.and_then(|currency| {
            let amount = amount(typed, currency);
            if amount.is_none() {
                faults.add_amount(currency);
            }
            amount
        }),
        (sum, "") => {
            let minor = sum.parse().ok().filter(|minor| (1..=MAX_MINOR).contains(minor));
            if minor.is_none() {
                faults.add("amount", "fault-not-a-choice");
            }
            minor.zip(currency).map(|(minor, currency)| Money::new(minor, currency))
        }
        // Which of the two is meant is not guessed where it is about money.
        _ => {
            faults.add("amount", "pay-fault-two-amounts");
            None
        }
    };
    order(fields, site, (Vec::new(), amount, false), faults)
}

/// What both forms ask for. Credit may be enough: with it no way needs to be chosen.
fn order(
    fields: &Fields,
    site: Url,
    (invoices, amount, credit): (Vec<InvoiceId>, Option<Money>, bool),
    mut faults: Faults,
) -> Result<PayOrder, Faults> {
    let way = way(fields.get("way"));
    if way.is_none() && !(credit && fields.get("way").is_empty()) {
        faults.add("way", "pay-fault-no-way");
    }
    let form_key = fields.get(KEY);
    let has_key = (1..=KEY_LENGTH_MAX).contains(&form_key.len())
        && form_key.bytes().all(|byte| byte.is_ascii_graphic());
    let currency = fields.currency();
    if !has_key || currency.is_none() {
        faults.add("form", "pay-fault-form");
    }
    let Some(currency) = currency.filter(|_| faults.0.is_empty()) else { return Err(faults) };
    let (gateway, method) = way.unzip();
    let method = method.flatten();
    let keeps = |gateway: GatewayId| fields.all("keep").any(|of| of == gateway.to_string());
    Ok(PayOrder {
        form_key: form_key.to_owned(),
        invoices,
        currency,
        amount_minor: amount.map(Money::minor),
        whole: false,
        credit,
        keep: method.is_none() && gateway.is_some_and(keeps),
        gateway,
        method,
        site,
    })
}

/// A gateway, or a gateway and one of the methods that it keeps: `gwy_…` or `gwy_…:pmt_…`.
fn way(text: &str) -> Option<(GatewayId, Option<PaymentMethodId>)> {
    let Some((gateway, method)) = text.split_once(':') else {
        return Some((text.parse().ok()?, None));
    };
    Some((gateway.parse().ok()?, Some(method.parse().ok()?)))
}

/// An amount as people type it: more than nothing, and no finer than its currency.
fn amount(typed: &str, currency: Currency) -> Option<Money> {
    let amount = read_amount(typed, currency).ok()?;
    (1..=MAX_MINOR).contains(&amount.minor()).then_some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::id;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    fn gateway() -> GatewayId {
        id(1)
    }

    /// A form that is fine, with changes.
    fn sent(changes: &[(&str, &str)]) -> Fields {
        let (gateway, invoice) = (gateway().to_string(), id::<InvoiceId>(2).to_string());
        let mut all = vec![
            ("key", "c2VjcmV0"),
            ("currency", "EUR"),
            ("invoices", invoice.as_str()),
            ("way", gateway.as_str()),
        ];
        all.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        all.extend(changes.iter().copied());
        fields(&all)
    }

    fn site() -> Url {
        "https://pay.example/".parse().unwrap()
    }

    fn keys(faults: &Faults) -> Vec<(&str, &str)> {
        faults.0.iter().map(|(field, key, _)| (*field, *key)).collect()
    }

    #[test]
    fn all_that_is_due_is_meant_where_no_amount_is_typed() {
        let order = of_invoices(&sent(&[]), site()).unwrap();
        assert_eq!((order.invoices, order.amount_minor), (vec![id(2)], None));
        assert_eq!((order.gateway, order.method, order.keep), (Some(gateway()), None, false));
        assert_eq!((order.whole, order.credit), (false, false));
        assert_eq!(order.form_key, "c2VjcmV0");
    }

    #[test]
    fn all_that_remains_is_a_choice_that_leaves_no_room_for_another_amount() {
        let read = |scope: &str, typed: &str| {
            of_invoices(&sent(&[("scope", scope), ("amount", typed)]), site())
                .map(|order| (order.whole, order.amount_minor))
        };
        assert_eq!(read(NEXT, ""), Ok((false, None)));
        assert_eq!(read(NEXT, "7,50"), Ok((false, Some(750))));
        assert_eq!(read(ALL, ""), Ok((true, None)));
        let said =
            |scope: &str, typed: &str| keys(&read(scope, typed).unwrap_err())[0].1.to_owned();
        assert_eq!(said(ALL, "7,50"), "pay-fault-two-amounts");
        assert_eq!(said("1", ""), "fault-not-a-choice");
    }

    #[test]
    fn with_credit_no_way_needs_to_be_chosen_and_a_wrong_one_is_still_wrong() {
        let read = |way: &str| {
            of_invoices(&sent(&[("credit", "1"), ("way", way)]), site())
                .map(|order| (order.credit, order.gateway))
        };
        assert_eq!(read(""), Ok((true, None)));
        assert_eq!(read(&gateway().to_string()), Ok((true, Some(gateway()))));
        assert_eq!(keys(&read("gwy_1").unwrap_err()), [("way", "pay-fault-no-way")]);
        // Credit is no way to refill the balance.
        let refill = [("credit", "1"), ("way", ""), ("sum", "2000")];
        let faults = of_refill(&sent(&refill), site()).unwrap_err();
        assert_eq!(keys(&faults), [("way", "pay-fault-no-way")]);
    }

    #[test]
    fn pay_07_amounts_are_read_by_their_currency_or_refused() {
        for (typed, currency, minor) in [
            ("12", "EUR", Some(1_200)),
            ("12,5", "EUR", Some(1_250)),
            ("1.234,56", "EUR", Some(123_456)),
            (" 1 500 ", "JPY", Some(1_500)),
            ("1.234", "KWD", Some(1_234)),
            ("10000000000000", "EUR", Some(MAX_MINOR)),
            ("-1", "EUR", None),
            ("0", "EUR", None),
            ("0,00", "EUR", None),
            ("0.001", "EUR", None),
            ("1,234", "EUR", None),
            ("1.5", "JPY", None),
            ("1e3", "EUR", None),
            ("+5", "EUR", None),
            ("５０", "EUR", None),
            ("٥", "EUR", None),
            ("NaN", "EUR", None),
            ("inf", "EUR", None),
            ("0x10", "EUR", None),
            ("5 EUR", "EUR", None),
            ("10000000000000.01", "EUR", None),
            ("99999999999999999999", "EUR", None),
        ] {
            let changes = [("amount", typed), ("currency", currency)];
            let read = of_invoices(&sent(&changes), site());
            let refill = of_refill(&sent(&[changes[0], changes[1], ("sum", OTHER)]), site());
            for read in [read, refill] {
                match (read, minor) {
                    (Ok(order), Some(minor)) => assert_eq!(order.amount_minor, Some(minor)),
                    (Err(faults), None) => {
                        assert_eq!(keys(&faults), [("amount", "pay-fault-amount")], "{typed}");
                    }
                    (read, _) => panic!("{typed} {currency}: {read:?}"),
                }
            }
        }
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let faults = of_invoices(&fields(&[("currency", "EUR")]), site()).unwrap_err();
        let said = [
            ("invoices", "pay-fault-no-invoices"),
            ("way", "pay-fault-no-way"),
            ("form", "pay-fault-form"),
        ];
        assert_eq!(keys(&faults), said);
        for odd in [("key", ""), ("key", "a b"), ("currency", "XXX"), ("currency", "")] {
            let faults = of_invoices(&sent(&[odd]), site()).unwrap_err();
            assert_eq!(keys(&faults), [("form", "pay-fault-form")], "{odd:?}");
        }
        for odd in ["", "x", "pmt_1", "gwy_1:", "1:2:3"] {
            let faults = of_invoices(&sent(&[("way", odd)]), site()).unwrap_err();
            assert_eq!(keys(&faults), [("way", "pay-fault-no-way")], "{odd}");
        }
    }

    #[test]
    fn a_refill_takes_a_sum_on_offer_or_one_that_is_typed_and_never_guesses() {
        let read = |sum: &str, typed: &str| {
            of_refill(&sent(&[("sum", sum), ("amount", typed)]), site())
                .map(|order| (order.invoices, order.amount_minor))
        };
        assert_eq!(read("2000", ""), Ok((vec![], Some(2_000))));
        assert_eq!(read(OTHER, "7,50"), Ok((vec![], Some(750))));
        assert_eq!(read("", "7,50"), Ok((vec![], Some(750))));
        let said = |sum: &str, typed: &str| keys(&read(sum, typed).unwrap_err())[0].1.to_owned();
        assert_eq!(said("2000", "30"), "pay-fault-two-amounts");
        assert_eq!(said("", ""), "pay-fault-amount");
        assert_eq!(said(OTHER, ""), "pay-fault-amount");
        for odd in ["-5", "0", "1e3", "99999999999999999999"] {
            assert_eq!(said(odd, ""), "fault-not-a-choice");
        }
    }

    #[test]
    fn a_method_is_kept_where_its_own_box_is_ticked() {
        let (own, other) = (gateway().to_string(), id::<GatewayId>(9).to_string());
        let stored = format!("{own}:{}", id::<PaymentMethodId>(3));
        for (way, keep, kept) in [(&own, &own, true), (&own, &other, false), (&stored, &own, false)]
        {
            let order = of_invoices(&sent(&[("way", way), ("keep", keep)]), site()).unwrap();
            assert_eq!(order.keep, kept, "{way} {keep}");
            assert_eq!(order.method.is_some(), way == &stored);
        }
    }
}
