//! What documents stand for in the ledger.

use std::collections::BTreeMap;

use super::{Account, Transfer};
use crate::credit_note::{CreditNote, CreditNoteStatus};
use crate::invoice::{Invoice, InvoiceStatus};
use crate::payment::{Payment, PaymentKind, PaymentStatus};
use crate::voucher::VoucherCredit;
use crate::{Currency, GatewayId};

/// Minor units by account, credits positive. They add up to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    currency: Currency,
    amounts: BTreeMap<Account, i64>,
    /// What gateways kept. Apart from the amounts, with which it must not be paired: no fee is
    /// between the organisation and a customer.
    fees: BTreeMap<GatewayId, i64>,
}

impl Effect {
    /// Of what moves nothing.
    #[must_use]
    pub const fn none(currency: Currency) -> Self {
        Self { currency, amounts: BTreeMap::new(), fees: BTreeMap::new() }
    }

    /// Of an invoice: what it asks for, less what it states as paid. A draft stands for nothing;
    /// one that is void or given up for what payments and credit notes settled, so that these leave
    /// nothing behind.
    #[must_use]
    pub fn of_invoice(it: &Invoice) -> Self {
        use Account::{Customer, PaidElsewhere, Sales, WriteOffs};
        let (none, figures) = (Self::none(it.currency), it.figures);
        let settled = figures.paid_minor + figures.credited_minor;
        let elsewhere = figures.prepaid_minor + figures.paid_elsewhere_minor;
        let in_force = || {
            let charged = Self::none(it.currency).moving(Customer, Sales, figures.total_minor);
            charged.moving(PaidElsewhere, Customer, elsewhere)
        };
        match it.status {
            InvoiceStatus::Draft => none,
            InvoiceStatus::Void => none.moving(Customer, Sales, settled),
            InvoiceStatus::Uncollectible => {
                let unpaid = figures.total_minor - settled - elsewhere;
                in_force().moving(WriteOffs, Customer, unpaid)
            }
            InvoiceStatus::Open | InvoiceStatus::PartiallyPaid | InvoiceStatus::Paid => in_force(),
        }
    }

    /// Of a credit note.
    #[must_use]
    pub fn of_credit_note(it: &CreditNote) -> Self {
        let minor = if it.status == CreditNoteStatus::Issued { it.total_minor } else { 0 };
        Self::none(it.currency).moving(Account::CreditNotes, Account::Customer, minor)
    }

    /// Of a payment or refund: nothing until it succeeded.
    #[must_use]
    pub fn of_payment(it: &Payment) -> Self {
        use Account::{Customer, Gateway, Recorded, Surcharges};
        let none = Self::none(it.currency);
        if it.status != PaymentStatus::Succeeded {
            return none;
        }
        let minor = it.amount_minor;
        match (it.kind, &it.charge) {
            (PaymentKind::Payment, None) => none.moving(Recorded, Customer, minor),
            (PaymentKind::Refund, None) => none.moving(Customer, Recorded, minor),
            (PaymentKind::Payment, Some(charge)) => {
                let gateway = Gateway(charge.gateway_id);
                none.moving(gateway, Customer, minor)
                    .moving(gateway, Surcharges, charge.charged_minor - minor)
                    .keeping(charge.gateway_id, charge.fee_minor)
            }
            (PaymentKind::Refund, Some(charge)) => {
                let gateway = Gateway(charge.gateway_id);
                none.moving(Customer, gateway, minor)
                    .moving(Surcharges, gateway, charge.charged_minor - minor)
                    .keeping(charge.gateway_id, charge.fee_minor)
            }
        }
    }

    /// Of a voucher that gave its credit.
    #[must_use]
    pub fn of_voucher(it: &VoucherCredit) -> Self {
        let none = Self::none(it.amount.currency());
        none.moving(Account::Vouchers, Account::Customer, it.amount.minor())
    }

    /// Whether nothing moves.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.amounts.is_empty() && self.fees.is_empty()
    }

    /// What it adds to an account, minor units.
    #[must_use]
    pub fn of_account(&self, account: Account) -> i64 {
        let amount = self.amounts.get(&account).copied().unwrap_or_default();
        amount
            + match account {
                Account::Fees => -self.fees.values().sum::<i64>(),
                Account::Gateway(id) => self.fees.get(&id).copied().unwrap_or_default(),
                _ => 0,
            }
    }

    /// The transfers that turn what was into this.
    #[must_use]
    pub fn since(&self, before: Option<&Self>) -> Vec<Transfer> {
        match before {
            None => self.transfers(),
            Some(before) if before.currency == self.currency => self.minus(before).transfers(),
            Some(before) => {
                let taken_back = Self::none(before.currency).minus(before).transfers();
                taken_back.into_iter().chain(self.transfers()).collect()
            }
        }
    }

    /// With `minor` moved from `debit` to `credit`; back where it is negative.
    fn moving(mut self, debit: Account, credit: Account, minor: i64) -> Self {
        add(&mut self.amounts, debit, -minor);
        add(&mut self.amounts, credit, minor);
        self
    }

    /// With `minor` kept by a gateway.
    fn keeping(mut self, gateway: GatewayId, minor: i64) -> Self {
        add(&mut self.fees, gateway, minor);
        self
    }

    /// What of it is not in `other`.
    fn minus(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        for (account, minor) in &other.amounts {
            add(&mut rest.amounts, *account, -minor);
        }
        for (gateway, minor) in &other.fees {
            add(&mut rest.fees, *gateway, -minor);
        }
        rest
    }

    /// What moves where a gateway keeps so much; back where it is negative.
    fn fee(&self, gateway: GatewayId, minor: i64) -> Transfer {
        let (fees, gateway) = (Account::Fees, Account::Gateway(gateway));
        let (debit, credit) = if minor > 0 { (fees, gateway) } else { (gateway, fees) };
        Transfer { currency: self.currency, debit, credit, minor: minor.abs() }
    }

    /// The transfers that make it out of nothing: debits and credits paired in the order of
    /// accounts, so that the same change always gives the same entries.
    fn transfers(&self) -> Vec<Transfer> {
        let mut transfers = self.pairs();
        transfers.extend(self.fees.iter().map(|(gateway, minor)| self.fee(*gateway, *minor)));
        transfers
    }

    fn pairs(&self) -> Vec<Transfer> {
        let mut transfers = Vec::new();
        let mut left: Vec<(Account, i64)> =
            self.amounts.iter().map(|(account, minor)| (*account, *minor)).collect();
        loop {
            let debit = left.iter().position(|(_, minor)| *minor < 0);
            let credit = left.iter().position(|(_, minor)| *minor > 0);
            let (Some(debit), Some(credit)) = (debit, credit) else { return transfers };
            let minor = left[credit].1.min(-left[debit].1);
            left[debit].1 += minor;
            left[credit].1 -= minor;
            transfers.push(Transfer {
                currency: self.currency,
                debit: left[debit].0,
                credit: left[credit].0,
                minor,
            });
        }
    }
}

/// Adds to one of the amounts; what comes to nothing is not there.
fn add<K: Ord + Copy>(amounts: &mut BTreeMap<K, i64>, of: K, minor: i64) {
    let amount = amounts.entry(of).or_default();
    *amount += minor;
    if *amount == 0 {
        amounts.remove(&of);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::invoice::{Instalments, InvoiceFigures};
    use crate::payment::Charge;
    use crate::totals;
    use crate::{CustomerId, InvoiceId, Metadata, Money, PaymentId, VoucherId};

    const THEN: Timestamp = Timestamp::UNIX_EPOCH;
    const CURRENCIES: [Currency; 3] = [Currency::EUR, Currency::JPY, Currency::KWD];

    prop_compose! {
        fn an_invoice()(
            status in 0_usize..6,
            figures in prop::array::uniform5(0_i64..1_000),
            currency in 0_usize..3,
        ) -> Invoice {
            use InvoiceStatus::{Draft, Open, Paid, PartiallyPaid, Uncollectible, Void};
            let [total, paid, credited, prepaid, elsewhere] = figures;
            Invoice {
                id: InvoiceId::new(THEN, [1; 10]),
                customer_id: CustomerId::new(THEN, [2; 10]),
                external_id: None,
                number: None,
                status: [Draft, Open, PartiallyPaid, Paid, Void, Uncollectible][status],
                currency: CURRENCIES[currency],
                figures: InvoiceFigures {
                    total_minor: total,
                    paid_minor: paid,
                    credited_minor: credited,
                    prepaid_minor: prepaid,
                    paid_elsewhere_minor: elsewhere,
                    ..InvoiceFigures::default()
                },
                issued_on: date(2026, 11, 1),
                due_on: date(2026, 11, 15),
                instalments: Instalments::default(),
                period: None,
                created_at: THEN,
                updated_at: THEN,
            }
        }
    }

    prop_compose! {
        /// What was charged is what was paid on top.
        fn a_charge()(
            gateway in 0_u8..2, charged_minor in 0_i64..100, fee_minor in 0_i64..100,
        ) -> Charge {
            Charge {
                gateway_id: GatewayId::new(THEN, [gateway; 10]),
                provider: "stripe".to_owned(),
                id: "ch_1".to_owned(),
                charged_minor,
                fee_minor,
            }
        }
    }

    prop_compose! {
        fn a_payment()(
            kind in 0_usize..2,
            status in 0_usize..4,
            amount_minor in 1_i64..1_000,
            currency in 0_usize..3,
            charge in prop::option::of(a_charge()),
        ) -> Payment {
            use PaymentStatus::{Cancelled, Failed, Processing, Succeeded};
            let charge = charge.map(|it| Charge {
                charged_minor: amount_minor + it.charged_minor,
                ..it
            });
            Payment {
                id: PaymentId::new(THEN, [3; 10]),
                customer_id: CustomerId::new(THEN, [2; 10]),
                kind: [PaymentKind::Payment, PaymentKind::Refund][kind],
                parent_id: None,
                external_id: None,
                status: [Processing, Succeeded, Failed, Cancelled][status],
                currency: CURRENCIES[currency],
                amount_minor,
                refunded_minor: 0,
                method: "card".to_owned(),
                method_label: None,
                payment_method_id: None,
                reference: None,
                description: None,
                paid_at: THEN,
                charge,
                metadata: Metadata::new(),
                created_at: THEN,
                updated_at: THEN,
            }
        }
    }

    fn sums(transfers: &[Transfer], currency: Currency) -> BTreeMap<Account, i64> {
        let of = |account| {
            let of_currency = transfers.iter().filter(|it| it.currency == currency);
            (account, of_currency.map(|it| it.of_account(account)).sum::<i64>())
        };
        let accounts = transfers.iter().flat_map(|it| [it.debit, it.credit]);
        accounts.map(of).filter(|(_, minor)| *minor != 0).collect()
    }

    proptest! {
        #[test]
        fn the_customers_account_is_the_live_balance(it in an_invoice(), payment in a_payment()) {
            let live = totals::of_invoice(&it).sums.balance();
            prop_assert_eq!(Effect::of_invoice(&it).of_account(Account::Customer), live);
            let live = totals::of_payment(&payment).sums.balance();
            prop_assert_eq!(Effect::of_payment(&payment).of_account(Account::Customer), live);
        }

        #[test]
        fn what_a_voucher_gives_is_in_the_live_balance(minor in 1_i64..1_000) {
            let id = VoucherId::new(THEN, [4; 10]);
            let it = VoucherCredit { id, amount: Money::new(minor, Currency::EUR), at: THEN };
            prop_assert_eq!(Effect::of_voucher(&it).of_account(Account::Customer), minor);
            prop_assert_eq!(totals::of_voucher(&it).sums.balance(), minor);
        }

        #[test]
        fn what_a_gateway_keeps_is_never_between_the_organisation_and_a_customer(
            steps in prop::collection::vec(a_payment(), 1..8),
        ) {
            let (mut posted, mut before) = (Vec::new(), None);
            for it in &steps {
                let after = Effect::of_payment(it);
                posted.extend(after.since(before.as_ref()));
                before = Some(after);
            }
            let now = before.expect("a step");
            let mut accounts = sums(&posted, now.currency);
            accounts.retain(|account, minor| now.of_account(*account) != *minor);
            prop_assert!(accounts.is_empty(), "{:?} in {:?}", accounts, posted);
            for it in &posted {
                let pair = [it.debit, it.credit];
                let odd = pair.contains(&Account::Fees) && pair.contains(&Account::Customer);
                prop_assert!(!odd && it.minor > 0 && it.debit != it.credit, "{:?}", it);
            }
        }

        #[test]
        fn entries_add_up_to_what_the_document_stands_for_now(
            steps in prop::collection::vec(an_invoice(), 1..8),
        ) {
            let mut posted = Vec::new();
            let mut before: Option<Effect> = None;
            for it in &steps {
                let after = Effect::of_invoice(it);
                posted.extend(after.since(before.as_ref()));
                prop_assert!(after.since(Some(&after)).is_empty());
                before = Some(after);
            }
            let now = before.expect("a step");
            for currency in CURRENCIES {
                let expected =
                    if currency == now.currency { now.amounts.clone() } else { BTreeMap::new() };
                prop_assert_eq!(sums(&posted, currency), expected);
            }
            prop_assert!(posted.iter().all(|it| it.minor > 0 && it.debit != it.credit));
            prop_assert_eq!(now.amounts.values().sum::<i64>(), 0);
        }
    }
}
