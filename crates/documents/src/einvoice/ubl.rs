//! UBL 2.1: `Invoice` and `CreditNote`.

use jiff::civil::Date;
use portico_billing::account::Address;
use portico_billing::invoice::{Adjustment, Line, Party, PaymentInstructions, Tax};
use portico_billing::{Currency, Money};

use super::common::{
    account_number, country, currency, joined, period, tax_id, unit_name, unit_price, vat_id,
};
use super::element::Element;
use super::{DocumentKind, EInvoiceError, PartyIdentifier, ReadInvoice, ReadParty, ReadTotals};

/// Namespace of `Invoice`.
pub const INVOICE: &str = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2";
/// Namespace of `CreditNote`.
pub const CREDIT_NOTE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2";

type Read<T> = Result<T, EInvoiceError>;

/// Reads the document below `root`.
pub fn read(root: Element<'_, '_>, kind: DocumentKind) -> Read<ReadInvoice> {
    let currency = currency(root.need("DocumentCurrencyCode")?)?;
    let (lines, quantity) = match kind {
        DocumentKind::Invoice => ("InvoiceLine", "InvoicedQuantity"),
        DocumentKind::CreditNote => ("CreditNoteLine", "CreditedQuantity"),
    };
    root.need(lines)?;
    Ok(ReadInvoice {
        kind,
        reversed: false,
        number: root.need_text("ID")?,
        issued_on: root.need("IssueDate")?.day()?,
        due_on: due_on(root)?,
        currency,
        period: root.at("InvoicePeriod").map_or(Ok(None), period_of)?,
        seller: party(root.need("AccountingSupplierParty/Party")?)?,
        buyer: party(root.need("AccountingCustomerParty/Party")?)?,
        buyer_reference: root.text_at("BuyerReference"),
        order_reference: root.text_at("OrderReference/ID"),
        corrects: root.text_at("BillingReference/InvoiceDocumentReference/ID"),
        lines: root.all(lines).map(|node| line(node, quantity, currency)).collect::<Read<_>>()?,
        taxes: taxes(root, currency)?,
        adjustments: root
            .all("AllowanceCharge")
            .map(|node| adjustment(node, currency))
            .collect::<Read<_>>()?,
        totals: totals(root, currency)?,
        payment: payment(root),
        notes: joined(root.all("Note").map(|note| Some(note.text().to_owned()))),
    })
}

fn due_on(root: Element<'_, '_>) -> Read<Option<Date>> {
    match root.day_at("DueDate")? {
        Some(day) => Ok(Some(day)),
        None => root.day_at("PaymentMeans/PaymentDueDate"),
    }
}

fn period_of(node: Element<'_, '_>) -> Read<Option<portico_billing::invoice::Period>> {
    period(node, node.day_at("StartDate")?, node.day_at("EndDate")?)
}

fn party(node: Element<'_, '_>) -> Read<ReadParty> {
    let trading_name = node.text_at("PartyName/Name");
    let name = node.text_at("PartyLegalEntity/RegistrationName").or_else(|| trading_name.clone());
    let name = name.map_or_else(|| node.need_text("PartyLegalEntity/RegistrationName"), Ok)?;
    let address = node.at("PostalAddress").map_or_else(|| Ok(Address::default()), address)?;
    let registered = node.all("PartyTaxScheme").filter_map(|scheme| {
        let value = scheme.text_at("CompanyID")?;
        let is_vat = scheme.text_at("TaxScheme/ID").is_some_and(|id| id == "VAT");
        let make = if is_vat { vat_id } else { tax_id };
        Some(make(value, address.country.as_ref()))
    });
    let identified = node.all("PartyIdentification").filter_map(|id| id.at("ID"));
    Ok(ReadParty {
        trading_name: trading_name.filter(|trading| *trading != name),
        registration_number: node.text_at("PartyLegalEntity/CompanyID"),
        identifiers: identified.chain(node.all("EndpointID")).map(identifier).collect(),
        contact_name: node.text_at("Contact/Name"),
        phone: node.text_at("Contact/Telephone"),
        party: Party {
            tax_ids: registered.collect(),
            email: node.text_at("Contact/ElectronicMail"),
            name,
            address,
        },
    })
}

/// An element that holds an identifier, with its register in `schemeID`.
pub fn identifier(node: Element<'_, '_>) -> PartyIdentifier {
    let scheme = node.attribute("schemeID").map(str::to_owned);
    PartyIdentifier { scheme, value: node.text().to_owned() }
}

fn address(node: Element<'_, '_>) -> Read<Address> {
    let more = [node.text_at("AdditionalStreetName"), node.text_at("AddressLine/Line")];
    Ok(Address {
        line1: node.text_at("StreetName"),
        line2: joined(more).map(|lines| lines.replace('\n', ", ")),
        city: node.text_at("CityName"),
        region: node.text_at("CountrySubentity"),
        postal_code: node.text_at("PostalZone"),
        country: country(node.at("Country/IdentificationCode"))?,
    })
}

fn line(node: Element<'_, '_>, quantity: &'static str, currency: Currency) -> Read<Line> {
    let item = node.need("Item")?;
    let quantity = node.need(quantity)?;
    let description = item.text_at("Name").or_else(|| item.text_at("Description"));
    let description = description.map_or_else(|| item.need_text("Name"), Ok)?;
    let said = [item.text_at("Description").filter(|text| *text != description)];
    let noted = [node.text_at("Note")];
    let changed = node.all("AllowanceCharge").map(|change| change_note(change, currency));
    let changed = changed.collect::<Read<Vec<_>>>()?;
    let category = item.at("ClassifiedTaxCategory");
    Ok(Line {
        note: joined(said.into_iter().chain(noted).chain(changed)),
        description,
        quantity: quantity.decimal()?,
        unit: unit_name(quantity.attribute("unitCode").unwrap_or_default()),
        unit_price: unit_price(node.need("Price/PriceAmount")?, node.at("Price/BaseQuantity"))?,
        amount_minor: node.need("LineExtensionAmount")?.money(currency)?.minor(),
        tax_rate: category.map_or(Ok(None), |category| category.decimal_at("Percent"))?,
        tax_category: category.and_then(|category| category.text_at("ID")),
        period: node.at("InvoicePeriod").map_or(Ok(None), period_of)?,
    })
}

/// What raises or lowers the amount of a line, in words: it is part of the amount already.
fn change_note(node: Element<'_, '_>, currency: Currency) -> Read<Option<String>> {
    let Adjustment { reason, amount_minor } = adjustment(node, currency)?;
    Ok(Some(format!("{reason}: {}", Money::new(amount_minor, currency))))
}

fn adjustment(node: Element<'_, '_>, currency: Currency) -> Read<Adjustment> {
    let indicator = node.need("ChargeIndicator")?;
    let amount = node.need("Amount")?.money(currency)?.minor();
    let amount_minor = match indicator.text() {
        "true" | "1" => amount,
        "false" | "0" => -amount,
        _ => return Err(indicator.invalid("neither true nor false")),
    };
    let code = || node.text_at("AllowanceChargeReasonCode");
    let reason = node.text_at("AllowanceChargeReason").or_else(code);
    let reason = reason.map_or_else(|| node.need_text("AllowanceChargeReason"), Ok)?;
    Ok(Adjustment { reason, amount_minor })
}

/// The tax total in the currency of the document; a second one may state it for the tax office.
fn tax_total<'a, 'input>(
    root: Element<'a, 'input>,
    currency: Currency,
) -> Option<Element<'a, 'input>> {
    root.all("TaxTotal").find(|total| {
        let stated = total.at("TaxAmount").and_then(|amount| amount.attribute("currencyID"));
        stated.is_none_or(|code| code == currency.code())
    })
}

fn taxes(root: Element<'_, '_>, currency: Currency) -> Read<Vec<Tax>> {
    let Some(total) = tax_total(root, currency) else { return Ok(Vec::new()) };
    let tax = |node: Element<'_, '_>| {
        let category = node.need("TaxCategory")?;
        Ok(Tax {
            name: category.text_at("TaxScheme/ID").unwrap_or_else(|| "VAT".to_owned()),
            category: category.text_at("ID"),
            rate: category.decimal_at("Percent")?,
            taxable_minor: node.need("TaxableAmount")?.money(currency)?.minor(),
            tax_minor: node.need("TaxAmount")?.money(currency)?.minor(),
            exemption_reason: category
                .text_at("TaxExemptionReason")
                .or_else(|| category.text_at("TaxExemptionReasonCode")),
        })
    };
    total.all("TaxSubtotal").map(tax).collect()
}

fn totals(root: Element<'_, '_>, currency: Currency) -> Read<ReadTotals> {
    let sums = root.need("LegalMonetaryTotal")?;
    let nothing = || Ok(Money::zero(currency));
    let tax = tax_total(root, currency);
    Ok(ReadTotals {
        subtotal: sums.need("TaxExclusiveAmount")?.money(currency)?,
        tax: tax.map_or_else(nothing, |tax| tax.need("TaxAmount")?.money(currency))?,
        total: sums.need("TaxInclusiveAmount")?.money(currency)?,
        prepaid: sums.money_at("PrepaidAmount", currency)?,
        rounding: sums.money_at("PayableRoundingAmount", currency)?,
        due: sums.need("PayableAmount")?.money(currency)?,
    })
}

fn payment(root: Element<'_, '_>) -> PaymentInstructions {
    let means = root.at("PaymentMeans");
    let code = means.and_then(|means| means.at("PaymentMeansCode"));
    let named = code.and_then(|code| code.attribute("name")).map(str::to_owned);
    let account = means.and_then(|means| means.at("PayeeFinancialAccount"));
    PaymentInstructions {
        means: named.or_else(|| means?.text_at("PaymentMeansCode")),
        iban: account.and_then(|account| account.text_at("ID")).map(account_number),
        bic: account.and_then(|account| account.text_at("FinancialInstitutionBranch/ID")),
        account_name: account.and_then(|account| account.text_at("Name")),
        reference: means.and_then(|means| means.text_at("PaymentID")),
        terms: joined(root.all("PaymentTerms").map(|terms| terms.text_at("Note"))),
    }
}
