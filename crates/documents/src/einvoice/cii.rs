//! UN/CEFACT Cross Industry Invoice (D16B), also the XML inside ZUGFeRD and Factur-X.

use jiff::civil::Date;
use portico_billing::account::{Address, TaxId};
use portico_billing::invoice::{Adjustment, Line, Party, PaymentInstructions, Period, Tax};
use portico_billing::{CountryCode, Currency, Money};

use super::common::{
    account_number, country, currency, joined, period, tax_id, unit_name, unit_price, vat_id,
};
use super::element::Element;
use super::ubl::identifier;
use super::{DocumentKind, EInvoiceError, ReadInvoice, ReadParty, ReadTotals};

/// Namespace of `CrossIndustryInvoice`.
pub const INVOICE: &str = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100";

/// UNTDID 1001: the types that give money back.
const CREDIT_NOTES: [&str; 11] =
    ["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"];

type Read<T> = Result<T, EInvoiceError>;

/// Reads the document below `root`.
pub fn read(root: Element<'_, '_>) -> Read<ReadInvoice> {
    let document = root.need("ExchangedDocument")?;
    let trade = root.need("SupplyChainTradeTransaction")?;
    let agreement = trade.need("ApplicableHeaderTradeAgreement")?;
    let settlement = trade.need("ApplicableHeaderTradeSettlement")?;
    let currency = currency(settlement.need("InvoiceCurrencyCode")?)?;
    trade.need("IncludedSupplyChainTradeLineItem")?;
    let notes = document.all("IncludedNote").map(|note| note.text_at("Content"));
    Ok(ReadInvoice {
        kind: kind(&document.need_text("TypeCode")?),
        reversed: false,
        number: document.need_text("ID")?,
        issued_on: day(document.need("IssueDateTime")?)?,
        due_on: day_at(settlement, "SpecifiedTradePaymentTerms/DueDateDateTime")?,
        currency,
        period: settlement.at("BillingSpecifiedPeriod").map_or(Ok(None), period_of)?,
        seller: party(agreement.need("SellerTradeParty")?)?,
        buyer: party(agreement.need("BuyerTradeParty")?)?,
        buyer_reference: agreement.text_at("BuyerReference"),
        order_reference: agreement.text_at("BuyerOrderReferencedDocument/IssuerAssignedID"),
        corrects: settlement.text_at("InvoiceReferencedDocument/IssuerAssignedID"),
        lines: trade
            .all("IncludedSupplyChainTradeLineItem")
            .map(|node| line(node, currency))
            .collect::<Read<_>>()?,
        taxes: settlement
            .all("ApplicableTradeTax")
            .map(|node| tax(node, currency))
            .collect::<Read<_>>()?,
        adjustments: settlement
            .all("SpecifiedTradeAllowanceCharge")
            .map(|node| adjustment(node, currency))
            .collect::<Read<_>>()?,
        totals: totals(settlement, currency)?,
        payment: payment(settlement),
        notes: joined(notes),
    })
}

fn kind(code: &str) -> DocumentKind {
    if CREDIT_NOTES.contains(&code) { DocumentKind::CreditNote } else { DocumentKind::Invoice }
}

/// A day as `YYYYMMDD`, the one format (102) that EN 16931 knows.
fn day(node: Element<'_, '_>) -> Read<Date> {
    let text = node.need("DateTimeString")?;
    let is_day = text.attribute("format").is_none_or(|format| format == "102");
    let parsed = if is_day { Date::strptime("%Y%m%d", text.text()).ok() } else { None };
    parsed.ok_or_else(|| text.invalid("not a date of the form YYYYMMDD (format 102)"))
}

fn day_at(node: Element<'_, '_>, path: &'static str) -> Read<Option<Date>> {
    node.at(path).map(day).transpose()
}

fn period_of(node: Element<'_, '_>) -> Read<Option<Period>> {
    period(node, day_at(node, "StartDateTime")?, day_at(node, "EndDateTime")?)
}

fn party(node: Element<'_, '_>) -> Read<ReadParty> {
    let name = node.need_text("Name")?;
    let trading_name = node.text_at("SpecifiedLegalOrganization/TradingBusinessName");
    let address = node.at("PostalTradeAddress").map_or_else(|| Ok(Address::default()), address)?;
    let contact = node.at("DefinedTradeContact");
    let in_contact = |path| contact.and_then(|contact| contact.text_at(path));
    let electronic = node.at("URIUniversalCommunication/URIID");
    let identified = node.all("ID").chain(node.all("GlobalID")).chain(electronic);
    Ok(ReadParty {
        trading_name: trading_name.filter(|trading| *trading != name),
        registration_number: node.text_at("SpecifiedLegalOrganization/ID"),
        identifiers: identified.map(identifier).collect(),
        contact_name: in_contact("PersonName"),
        phone: in_contact("TelephoneUniversalCommunication/CompleteNumber"),
        party: Party {
            tax_ids: tax_ids(node, address.country.as_ref()),
            email: in_contact("EmailURIUniversalCommunication/URIID"),
            name,
            address,
        },
    })
}

fn tax_ids(node: Element<'_, '_>, country: Option<&CountryCode>) -> Vec<TaxId> {
    let registrations = node.all("SpecifiedTaxRegistration").filter_map(|node| node.at("ID"));
    let registered = registrations.filter(|id| !id.text().is_empty());
    let made = registered.map(|id| {
        let make = if id.attribute("schemeID") == Some("VA") { vat_id } else { tax_id };
        make(id.text().to_owned(), country)
    });
    made.collect()
}

fn address(node: Element<'_, '_>) -> Read<Address> {
    let more = [node.text_at("LineTwo"), node.text_at("LineThree")];
    Ok(Address {
        line1: node.text_at("LineOne"),
        line2: joined(more).map(|lines| lines.replace('\n', ", ")),
        city: node.text_at("CityName"),
        region: node.text_at("CountrySubDivisionName"),
        postal_code: node.text_at("PostcodeCode"),
        country: country(node.at("CountryID"))?,
    })
}

fn line(node: Element<'_, '_>, currency: Currency) -> Read<Line> {
    let product = node.need("SpecifiedTradeProduct")?;
    let price = node.need("SpecifiedLineTradeAgreement/NetPriceProductTradePrice")?;
    let quantity = node.need("SpecifiedLineTradeDelivery/BilledQuantity")?;
    let settlement = node.need("SpecifiedLineTradeSettlement")?;
    let summation = settlement.need("SpecifiedTradeSettlementLineMonetarySummation")?;
    let category = settlement.at("ApplicableTradeTax");
    let said = [product.text_at("Description")];
    let noted = [node.text_at("AssociatedDocumentLineDocument/IncludedNote/Content")];
    let changed = settlement.all("SpecifiedTradeAllowanceCharge");
    let changed = changed.map(|change| change_note(change, currency)).collect::<Read<Vec<_>>>()?;
    Ok(Line {
        description: product.need_text("Name")?,
        note: joined(said.into_iter().chain(noted).chain(changed)),
        quantity: quantity.decimal()?,
        unit: unit_name(quantity.attribute("unitCode").unwrap_or_default()),
        unit_price: unit_price(price.need("ChargeAmount")?, price.at("BasisQuantity"))?,
        amount_minor: summation.need("LineTotalAmount")?.money(currency)?.minor(),
        tax_rate: category.map_or(Ok(None), |tax| tax.decimal_at("RateApplicablePercent"))?,
        tax_category: category.and_then(|tax| tax.text_at("CategoryCode")),
        period: settlement.at("BillingSpecifiedPeriod").map_or(Ok(None), period_of)?,
    })
}

/// What raises or lowers the amount of a line, in words: it is part of the amount already.
fn change_note(node: Element<'_, '_>, currency: Currency) -> Read<Option<String>> {
    let Adjustment { reason, amount_minor } = adjustment(node, currency)?;
    Ok(Some(format!("{reason}: {}", Money::new(amount_minor, currency))))
}

fn adjustment(node: Element<'_, '_>, currency: Currency) -> Read<Adjustment> {
    let indicator = node.need("ChargeIndicator/Indicator")?;
    let amount = node.need("ActualAmount")?.money(currency)?.minor();
    let amount_minor = match indicator.text() {
        "true" | "1" => amount,
        "false" | "0" => -amount,
        _ => return Err(indicator.invalid("neither true nor false")),
    };
    let reason = node.text_at("Reason").or_else(|| node.text_at("ReasonCode"));
    let reason = reason.map_or_else(|| node.need_text("Reason"), Ok)?;
    Ok(Adjustment { reason, amount_minor })
}

fn tax(node: Element<'_, '_>, currency: Currency) -> Read<Tax> {
    Ok(Tax {
        name: node.text_at("TypeCode").unwrap_or_else(|| "VAT".to_owned()),
        category: node.text_at("CategoryCode"),
        rate: node.decimal_at("RateApplicablePercent")?,
        taxable_minor: node.need("BasisAmount")?.money(currency)?.minor(),
        tax_minor: node.need("CalculatedAmount")?.money(currency)?.minor(),
        exemption_reason: node
            .text_at("ExemptionReason")
            .or_else(|| node.text_at("ExemptionReasonCode")),
    })
}

fn totals(settlement: Element<'_, '_>, currency: Currency) -> Read<ReadTotals> {
    let sums = settlement.need("SpecifiedTradeSettlementHeaderMonetarySummation")?;
    // A second tax total may state it for the tax office, in that office's currency.
    let tax = sums
        .all("TaxTotalAmount")
        .find(|amount| amount.attribute("currencyID").is_none_or(|code| code == currency.code()));
    Ok(ReadTotals {
        subtotal: sums.need("TaxBasisTotalAmount")?.money(currency)?,
        tax: tax.map_or(Ok(Money::zero(currency)), |tax| tax.money(currency))?,
        total: sums.need("GrandTotalAmount")?.money(currency)?,
        prepaid: sums.money_at("TotalPrepaidAmount", currency)?,
        rounding: sums.money_at("RoundingAmount", currency)?,
        due: sums.need("DuePayableAmount")?.money(currency)?,
    })
}

fn payment(settlement: Element<'_, '_>) -> PaymentInstructions {
    let means = settlement.at("SpecifiedTradeSettlementPaymentMeans");
    let in_means = |path| means.and_then(|means| means.text_at(path));
    let iban = in_means("PayeePartyCreditorFinancialAccount/IBANID")
        .or_else(|| in_means("PayeePartyCreditorFinancialAccount/ProprietaryID"));
    let terms = settlement.all("SpecifiedTradePaymentTerms");
    PaymentInstructions {
        means: in_means("Information").or_else(|| in_means("TypeCode")),
        iban: iban.map(account_number),
        bic: in_means("PayeeSpecifiedCreditorFinancialInstitution/BICID"),
        account_name: in_means("PayeePartyCreditorFinancialAccount/AccountName"),
        reference: settlement.text_at("PaymentReference"),
        terms: joined(terms.map(|terms| terms.text_at("Description"))),
    }
}
