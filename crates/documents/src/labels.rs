//! The words of a document, in the reader's language.

macro_rules! labels {
    ($($(#[$doc:meta])* $field:ident = $key:literal;)*) => {
        /// The words of a document, in the reader's language.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Labels {
            $($(#[$doc])* pub $field: String,)*
        }

        impl Labels {
            /// The message keys of all labels.
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            /// Looks each label up by its message key.
            pub fn from_lookup(mut lookup: impl FnMut(&'static str) -> String) -> Self {
                Self { $($field: lookup($key),)* }
            }
        }
    };
}

labels! {
    /// Heading of an invoice.
    invoice = "documents-invoice";
    /// Heading of a credit note.
    credit_note = "documents-credit-note";
    /// Heading of a receipt for a payment.
    receipt = "documents-receipt";
    /// Heading of a receipt for a refund.
    refund_receipt = "documents-refund-receipt";
    /// Above the seller.
    from = "documents-from";
    /// Above the buyer of an invoice.
    bill_to = "documents-bill-to";
    /// Above the recipient of a receipt or credit note.
    issued_to = "documents-issued-to";
    /// Before a tax id.
    tax_id = "documents-tax-id";
    /// Before the date on the document.
    issued_on = "documents-issued-on";
    /// Before the last day to pay.
    due_on = "documents-due-on";
    /// Before the billing period.
    period = "documents-period";
    /// Before the buyer's order number.
    purchase_order = "documents-purchase-order";
    /// Before the number of the invoice that is corrected.
    corrects = "documents-corrects";
    /// Before the reason of a credit note.
    reason = "documents-reason";
    /// Column: what was sold.
    description = "documents-description";
    /// Column: how many.
    quantity = "documents-quantity";
    /// Column: price of one unit.
    unit_price = "documents-unit-price";
    /// Column: tax rate.
    tax = "documents-tax";
    /// Column: amount.
    amount = "documents-amount";
    /// Sum before tax.
    subtotal = "documents-subtotal";
    /// Sum of lines, where adjustments follow.
    lines_total = "documents-lines-total";
    /// Between the rate of a tax and the amount that it is taken of.
    tax_of = "documents-tax-of";
    /// Sum with tax.
    total = "documents-total";
    /// What payments settled.
    paid = "documents-paid";
    /// What was paid before the document was issued.
    prepaid = "documents-prepaid";
    /// What credit notes settled.
    credited = "documents-credited";
    /// What is still to be paid.
    amount_due = "documents-amount-due";
    /// What is still to be paid of an invoice that is paid in parts, due or not.
    remaining = "documents-remaining";
    /// Above the parts that an invoice is paid in.
    instalments = "documents-instalments";
    /// Column: what of a part is still to be paid.
    instalment_open = "documents-instalment-open";
    /// What a credit note gives back.
    amount_credited = "documents-amount-credited";
    /// What was paid, on a receipt.
    amount_paid = "documents-amount-paid";
    /// What was given back, on a receipt.
    amount_refunded = "documents-amount-refunded";
    /// Stamp: settled.
    stamp_paid = "documents-stamp-paid";
    /// Stamp: cancelled.
    stamp_void = "documents-stamp-void";
    /// Stamp: not issued yet.
    stamp_draft = "documents-stamp-draft";
    /// Above the payment instructions.
    how_to_pay = "documents-how-to-pay";
    /// Before the account number.
    iban = "documents-iban";
    /// Before the bank identifier.
    bic = "documents-bic";
    /// Before the holder of the account.
    account_name = "documents-account-name";
    /// Before what to quote.
    payment_reference = "documents-payment-reference";
    /// Before the terms.
    payment_terms = "documents-payment-terms";
    /// Above the notes.
    notes = "documents-notes";
    /// Before the day on which money moved.
    paid_on = "documents-paid-on";
    /// Before the way in which it moved.
    method = "documents-method";
    /// Above the invoices that a payment settled.
    settled = "documents-settled";
    /// Column: number of an invoice.
    invoice_number = "documents-invoice-number";
    /// Column: date of an invoice.
    invoice_date = "documents-invoice-date";
    /// Row: what is left of a payment.
    unallocated = "documents-unallocated";
    /// Heading of a statement of account.
    statement = "documents-statement";
    /// Before the days that a statement tells of.
    statement_period = "documents-statement-period";
    /// Before the last day of a statement that begins with the account.
    statement_until = "documents-statement-until";
    /// Before the currency of a statement.
    currency = "documents-currency";
    /// What the reader owes.
    amount_owed = "documents-amount-owed";
    /// What the reader has in credit.
    in_your_favour = "documents-in-your-favour";
    /// What an account comes to.
    balance = "documents-balance";
    /// Column: day of a movement.
    day = "documents-day";
    /// Column: what moved the balance.
    movement = "documents-movement";
    /// Column: what lowered the balance.
    charges = "documents-charges";
    /// Column: what raised the balance.
    payments = "documents-payments";
    /// The balance before the first day.
    opening_balance = "documents-opening-balance";
    /// The balance after the last day.
    closing_balance = "documents-closing-balance";
    /// Above the open invoices by their age, before a day.
    ageing = "documents-ageing";
    /// Column: by how many days something is overdue.
    overdue_by = "documents-overdue-by";
    /// Column: how many invoices.
    invoices = "documents-invoices";
    /// Row: not overdue.
    age_current = "documents-age-current";
    /// Row: overdue by 1 to 30 days.
    age_to_30 = "documents-age-to-30";
    /// Row: overdue by 31 to 60 days.
    age_to_60 = "documents-age-to-60";
    /// Row: overdue by 61 to 90 days.
    age_to_90 = "documents-age-to-90";
    /// Row: overdue by more than 90 days.
    age_older = "documents-age-older";
    /// Row: all that is due.
    due_in_all = "documents-due-in-all";
    /// Row: what was paid and settled no invoice.
    credit_left = "documents-credit-left";
    /// Before the page number, as in "Page 1 / 3".
    page = "documents-page";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_a_text_for_each_label_and_no_other() {
        for language in ["en", "es"] {
            let path = format!("{}/../../locales/{language}", env!("CARGO_MANIFEST_DIR"));
            let file = std::fs::read_to_string(format!("{path}/documents.ftl")).expect("the file");
            let mut keys: Vec<&str> = file
                .lines()
                .filter_map(|line| line.split_once(" = "))
                .map(|(key, text)| {
                    assert!(!text.trim().is_empty(), "{key} is empty in {language}");
                    key
                })
                .collect();
            let mut wanted = Labels::KEYS.to_vec();
            keys.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(keys, wanted, "{language}");
        }
    }
}
