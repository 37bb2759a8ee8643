//! Paying invoices: which of them, how much, and by what.

use jiff::Timestamp;
use jiff::civil::date;
use portico_billing::{Currency, InvoiceId, Money};
use portico_core_api::{Fault, FieldFault, PAYABLE_MAX, PayOffer, PayableInvoice, Refusal};
use portico_ui::{CheckedForm, FormState, Page, Sample};
use serde::Serialize;

use super::order::{self, Fields};
use super::ways::{self, WayView};
use super::{Sent, back, currency_of, go, look_only, send, wait_until, with_key};
use crate::answer::{Answer, redirect};
use crate::invoices::files::ticked;
use crate::params::Params;
use crate::paths;
use crate::refusal::with_faults;
use crate::samples::{LONG, at, eur, id, jpy, kwd};
use crate::visitor::Visitor;

/// An invoice with its box.
#[derive(Debug, Clone, Serialize)]
struct Choosable {
    invoice: PayableInvoice,
    chosen: bool,
}

/// The form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PayPage {
    currency: Currency,
    /// The customer's own, and those that something is due in.
    currencies: Vec<Currency>,
    /// How many decimal places the currency has, for the sum that the script keeps.
    decimals: u32,
    invoices: Vec<Choosable>,
    more: bool,
    /// Whether some that were asked for are not among them.
    left_out: bool,
    due: Money,
    remaining: Money,
    /// Whether instalments that are due later can be paid now.
    later: bool,
    /// Of those that are chosen to begin with.
    selected: Money,
    credit: Money,
    ways: Vec<WayView>,
    form: FormState,
    /// When the form can be sent again, where it was sent too often.
    again_at: Option<Timestamp>,
}

/// The invoices that are chosen; those that are due where none are named.
type Wanted = Option<Vec<InvoiceId>>;

fn wanted(text: &str) -> Wanted {
    let ids = || text.split(',').filter_map(|id| id.trim().parse().ok()).collect();
    (!text.is_empty()).then(ids)
}

impl PayPage {
    fn new(offer: PayOffer, wanted: &Wanted, form: FormState) -> Self {
        let is_wanted =
            |it: &PayableInvoice| wanted.as_ref().map_or(it.is_due, |ids| ids.contains(&it.id));
        let choose = |invoice: PayableInvoice| Choosable { chosen: is_wanted(&invoice), invoice };
        let invoices: Vec<Choosable> = offer.invoices.into_iter().map(choose).collect();
        let is_offered = |id: &InvoiceId| invoices.iter().any(|row| row.invoice.id == *id);
        let own = offer.currencies.first().copied();
        let (shown, due_in) = (offer.currency, offer.due_in);
        let mut currencies = offer.currencies;
        currencies.retain(|it| Some(*it) == own || *it == shown || due_in.contains(it));
        let all = form.value("scope") == order::ALL;
        let form = form.with_value("scope", if all { order::ALL } else { order::NEXT });
        let asked = |it: &PayableInvoice| if all { it.remaining } else { it.due };
        let chosen = invoices.iter().filter(|row| row.chosen).map(|row| asked(&row.invoice));
        let selected = chosen.fold(0_i64, |sum, it| sum.saturating_add(it.minor()));
        Self {
            currency: offer.currency,
            currencies,
            decimals: offer.currency.exponent(),
            left_out: wanted.iter().flatten().any(|id| !is_offered(id)),
            more: offer.more,
            due: offer.due,
            remaining: offer.remaining,
            later: invoices.iter().any(|row| row.invoice.remaining != row.invoice.due),
            selected: Money::new(selected, offer.currency),
            credit: offer.credit,
            ways: offer.ways.into_iter().map(WayView::from).collect(),
            invoices,
            form,
            again_at: None,
        }
    }
}

/// GET: the form; `?invoices=` names those that are chosen, `?currency=` theirs.
pub(crate) async fn show(visitor: Visitor, params: Params) -> Answer {
    if !visitor.may_act() {
        return look_only(&visitor);
    }
    let wanted = wanted(params.get("invoices"));
    let offer = offer(&visitor, currency_of(&params), &wanted).await?;
    let form = FormState::new().with_value("way", ways::first(&offer.ways));
    visitor.page(&PayPage::new(offer, &wanted, with_key(form, &visitor)))
}

/// What can be paid; where no currency is asked for, in that of the invoices that are.
async fn offer(
    visitor: &Visitor,
    currency: Option<Currency>,
    wanted: &Wanted,
) -> Result<PayOffer, Refusal> {
    let ask = |currency| visitor.core().pay_offer(&visitor.secret, currency);
    let own = ask(currency).await?;
    let Some(ids) = wanted.as_ref().filter(|_| currency.is_none()) else { return Ok(own) };
    let has_any = |offer: &PayOffer| offer.invoices.iter().any(|row| ids.contains(&row.id));
    if has_any(&own) {
        return Ok(own);
    }
    for other in own.due_in.iter().filter(|other| **other != own.currency) {
        let offer = ask(Some(*other)).await?;
        if has_any(&offer) {
            return Ok(offer);
        }
    }
    Ok(own)
}

/// POST: begins to pay.
pub(crate) async fn submit(visitor: Visitor, form: CheckedForm<Fields>) -> Answer {
    let (fields, form) = form.open();
    let order = order::of_invoices(&fields, visitor.here.site()?);
    let (form, wait) = match send(&visitor, form, order).await? {
        Sent::Begun(begun) => return go(begun),
        Sent::Back(form, wait) => (form, wait),
    };
    let offer = visitor.core().pay_offer(&visitor.secret, fields.currency()).await?;
    let page = PayPage::new(offer, &Some(fields.invoices()), with_key(form, &visitor));
    let page = PayPage { again_at: wait_until(&visitor, wait), ..page };
    back(&visitor, &page, wait)
}

/// POST: on to the form with the invoices that are ticked in the list.
pub(crate) async fn select(visitor: Visitor, form: CheckedForm<Vec<(String, String)>>) -> Answer {
    let ids = ticked(&form.into_inner())?;
    let to_list = |key| Ok(visitor.here.redirect_with_notice(paths::INVOICES, "warning", key));
    if ids.is_empty() {
        return to_list("notice-nothing-selected");
    }
    if ids.len() > usize::from(PAYABLE_MAX) {
        return to_list("notice-too-many-to-pay");
    }
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Ok(redirect(&portico_ui::paths::with_query(paths::PAY, [("invoices", &*ids.join(","))])))
}

impl Page for PayPage {
    const TEMPLATE: &'static str = "portal/pay/invoices.html";

    fn samples() -> Vec<Sample<Self>> {
        let page = |offer: PayOffer, form| Self::new(offer, &None, form);
        let form = || {
            let ways = ways::samples::ways(Currency::EUR);
            let form = FormState::new().with_value("way", ways::first(&ways));
            form.with_value(order::KEY, "a2V5")
        };
        let with = |change: fn(&mut PayOffer)| {
            let mut offer = sample();
            change(&mut offer);
            page(offer, form())
        };
        let answering = |count| {
            let ways = ways::samples::answering(Currency::EUR, count);
            let form = FormState::new().with_value("way", ways::first(&ways));
            page(PayOffer { ways, ..sample() }, form.with_value(order::KEY, "a2V5"))
        };
        let faults = ["amount", "invoices", "way", "form"]
            .map(|field| FieldFault::new(field, Fault::Required));
        let typed = form().with_value("amount", "1e3").with_value("way", "");
        let some = Some(vec![id(118), id(999)]);
        let all = form().with_value("scope", order::ALL).with_value("credit", "1");
        vec![
            Sample::new("typical", page(sample(), form())),
            Sample::new("some-chosen", Self::new(sample(), &some, form())),
            Sample::new(
                "faulty",
                Self::new(sample(), &Some(Vec::new()), with_faults(typed, &faults)),
            ),
            Sample::new(
                "too-many",
                Self { again_at: Some(at(date(2026, 11, 21))), ..page(sample(), form()) },
            ),
            Sample::new(
                "nothing-due",
                with(|offer| {
                    offer.invoices.clear();
                    offer.credit = eur(0);
                }),
            ),
            Sample::new("instalments", page(in_instalments(), form())),
            Sample::new("all-by-credit", page(in_instalments(), all)),
            Sample::new("credit-alone", with(|offer| offer.ways.clear())),
            Sample::new(
                "no-way",
                with(|offer| {
                    offer.ways.clear();
                    offer.credit = eur(0);
                }),
            ),
            Sample::new("one-answers", answering(1)),
            Sample::new("none-answers", answering(0)),
            Sample::new("extreme", page(extreme(), form())),
        ]
    }
}

fn sample() -> PayOffer {
    let invoice = |number: u16, total, due, overdue| PayableInvoice {
        id: id(u128::from(number)),
        number: Some(format!("INV-2026-{number:04}")),
        due_on: date(2026, 11, 15),
        overdue,
        total: eur(total),
        due: eur(due),
        is_due: true,
        remaining: eur(due),
    };
    PayOffer {
        currency: Currency::EUR,
        currencies: vec![Currency::EUR, Currency::JPY, Currency::USD],
        due_in: vec![Currency::EUR, Currency::JPY],
        invoices: vec![
            invoice(118, 42_350, 42_350, true),
            invoice(117, 121_000, 21_000, false),
            invoice(119, 65_650, 65_650, false),
        ],
        more: false,
        due: eur(129_000),
        remaining: eur(129_000),
        credit: eur(1_250),
        ways: ways::samples::ways(Currency::EUR),
    }
}

/// One instalment is due, another one is not yet.
fn in_instalments() -> PayOffer {
    let mut offer = sample();
    let last = offer.invoices.len() - 1;
    offer.invoices[0].remaining = eur(84_700);
    offer.invoices[last].is_due = false;
    offer.invoices[last].remaining = eur(131_300);
    PayOffer { due: eur(63_350), remaining: eur(237_000), ..offer }
}

/// Three decimals, a number without a place to break, and none.
fn extreme() -> PayOffer {
    let invoice = PayableInvoice {
        id: id(1),
        number: Some(LONG.to_owned()),
        due_on: date(2026, 11, 15),
        overdue: true,
        total: kwd(9_876_543_210),
        due: kwd(1),
        is_due: true,
        remaining: kwd(9_876_543_209),
    };
    let unnumbered = PayableInvoice { id: id(2), number: None, ..invoice.clone() };
    PayOffer {
        currency: Currency::KWD,
        currencies: vec![Currency::KWD, jpy(0).currency(), Currency::EUR, Currency::USD],
        due_in: vec![Currency::KWD, jpy(0).currency(), Currency::EUR, Currency::USD],
        invoices: vec![invoice, unnumbered],
        more: true,
        due: kwd(9_876_543_210),
        remaining: kwd(9_876_543_210),
        credit: kwd(9_876_543_210),
        ways: ways::samples::extremes(Currency::KWD),
    }
}
