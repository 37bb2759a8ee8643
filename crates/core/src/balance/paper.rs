//! Statements of account as PDF.

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::ageing::Ageing;
use portico_billing::invoice::Party;
use portico_billing::page::Direction;
use portico_billing::permission::Permission;
use portico_billing::section::{Section, Sections};
use portico_billing::totals::Sums;
use portico_billing::{Currency, CustomerId, LanguageTag};
use portico_core_api::{
    Document, Fault, FieldFault, Refusal, SessionSecret, StatementApi, StatementLine,
    StatementQuery,
};
use portico_documents::{Movement, OpenInvoices, StatementDocument, statement_pdf};
use portico_store::Read;
use portico_store::ledger::StatementFilter;

use super::line;
use crate::documents::{Style, parties, pdf_file};
use crate::payments::method_key;
use crate::{Caller, Core, Failure, visit};

/// Most lines of a statement on paper, as many as an invoice has.
const MOST_LINES: usize = 5_000;
/// Lines that are read at a time.
const CHUNK: u16 = 1_000;
/// Most open invoices that are told of by age; where there are more, nothing is.
const MOST_OPEN: u32 = 100_000;

/// Whose account, and who reads of it.
struct Reader {
    customer_id: CustomerId,
    currency: Currency,
    sections: Sections,
    language: LanguageTag,
    today: Date,
}

/// What is asked for, complete.
struct Asked {
    currency: Currency,
    from: Option<Date>,
    until: Date,
}

/// A statement, ready to be printed.
struct Paper {
    asked: Asked,
    opening_minor: i64,
    movements: Vec<Movement>,
    open: Option<OpenInvoices>,
    issued_on: Date,
    seller: Party,
    buyer: Party,
}

#[async_trait]
impl StatementApi for Core {
    async fn statement_pdf(
        &self,
        secret: &SessionSecret,
        query: StatementQuery,
    ) -> Result<Document, Refusal> {
        let scope = visit::resolve_in(self, secret, Section::Balance).await?;
        let mut read = self.inner.store.read(scope.organisation_id).await.map_err(Failure::from)?;
        let reader = Reader {
            customer_id: scope.customer_id,
            currency: scope.currency,
            sections: scope.sections,
            language: scope.language.clone(),
            today: scope.today,
        };
        let asked = asked(self, &reader, &query)?;
        let paper = load(self, &mut read, (&reader, asked)).await?.ok_or_else(too_long)?;
        let style = self.inner.press.style(&mut read, &scope).await?;
        drop(read);
        print(self, paper, style).await
    }
}

impl Core {
    /// A customer's statement of account as PDF, in its language, with the looks of its brand. What
    /// is asked for is the same as in the portal.
    ///
    /// # Errors
    /// `NotPermitted` where the caller may not; `NotFound`; `Invalid` as in the portal; where too
    /// many documents are being made; where the machinery fails.
    pub async fn statement_pdf_for_staff(
        &self,
        caller: &Caller,
        id: CustomerId,
        query: StatementQuery,
    ) -> Result<Document, Refusal> {
        caller.require(Permission::Read).map_err(|_| Refusal::NotPermitted)?;
        let mut read =
            self.inner.store.read(caller.organisation_id).await.map_err(Failure::from)?;
        let customer = read.customer(id).await.map_err(Failure::from)?.ok_or(Refusal::NotFound)?;
        let brand = read.brand(customer.brand_id).await.map_err(Failure::from)?;
        let brand = brand.ok_or(Failure::Missing("brand"))?;
        let reader = Reader {
            customer_id: id,
            currency: customer.currency,
            sections: Sections::ALL,
            language: customer.language.unwrap_or_else(|| brand.default_language.clone()),
            today: self.today_of(&mut read).await?,
        };
        let asked = asked(self, &reader, &query)?;
        let paper = load(self, &mut read, (&reader, asked)).await?.ok_or_else(too_long)?;
        let style = self.inner.press.style_of(&mut read, brand, &reader.language).await?;
        drop(read);
        print(self, paper, style).await
    }
}

/// The days and the currency of a statement. Movements are of days in UTC, which may be ahead of
/// the organisation's.
fn asked(core: &Core, reader: &Reader, query: &StatementQuery) -> Result<Asked, Refusal> {
    let today = reader.today.max(core.now().to_zoned(TimeZone::UTC).date());
    let until = query.until.unwrap_or_else(|| query.from.map_or(today, |from| today.max(from)));
    if query.from.is_some_and(|from| until < from) {
        let faults = vec![FieldFault::new("until", Fault::NotAChoice)];
        return Err(Refusal::Invalid { faults });
    }
    let currency = query.currency.unwrap_or(reader.currency);
    Ok(Asked { currency, from: query.from, until })
}

fn too_long() -> Refusal {
    let max = u32::try_from(MOST_LINES).unwrap_or(u32::MAX);
    Refusal::Invalid { faults: vec![FieldFault::new("from", Fault::TooLong { max })] }
}

/// The statement; nothing where it has more lines than paper holds.
async fn load(
    core: &Core,
    read: &mut Read,
    (reader, asked): (&Reader, Asked),
) -> Result<Option<Paper>, Failure> {
    let (customer, currency) = (reader.customer_id, asked.currency);
    let Some(movements) = movements(core, read, (reader, &asked)).await? else { return Ok(None) };
    let opening_minor = match asked.from {
        Some(day) => read.balance_at_start_of(customer, currency, day).await?,
        None => 0,
    };
    let open = match reader.sections.has(Section::Invoices) {
        true => open(read, reader, currency).await?,
        false => None,
    };
    let (seller, buyer) = parties(read, customer, (None, None)).await?;
    let issued_on = reader.today;
    Ok(Some(Paper { asked, opening_minor, movements, open, issued_on, seller, buyer }))
}

async fn movements(
    core: &Core,
    read: &mut Read,
    (reader, asked): (&Reader, &Asked),
) -> Result<Option<Vec<Movement>>, Failure> {
    let mut filter = StatementFilter {
        currency: asked.currency,
        search: String::new(),
        sections: reader.sections,
        group: None,
        from: asked.from,
        until: Some(asked.until),
        direction: Direction::Asc,
        cursor: None,
    };
    let mut all = Vec::new();
    loop {
        let page = read.statement(reader.customer_id, &filter, CHUNK).await?;
        let lines = page.rows.into_iter().map(|it| line(reader.sections, asked.currency, it));
        all.extend(lines.map(|it| movement(core, &reader.language, it)));
        if page.next.is_none() {
            return Ok(Some(all).filter(|all| all.len() <= MOST_LINES));
        }
        if all.len() >= MOST_LINES {
            return Ok(None);
        }
        filter.cursor = page.next;
    }
}

fn movement(core: &Core, language: &LanguageTag, it: StatementLine) -> Movement {
    let text = |key: &'static str| core.inner.press.text_in(language, key);
    let what = [Some(text(it.text_key())), it.number.clone()];
    let method = it.method.as_deref().map(|method| text(method_key(method)));
    let note = [it.method_label.or(method), it.description];
    let note: Vec<String> = note.into_iter().flatten().collect();
    Movement {
        on: it.occurred_on,
        text: what.into_iter().flatten().collect::<Vec<_>>().join(" "),
        note: (!note.is_empty()).then(|| note.join(" · ")),
        minor: it.amount.minor(),
    }
}

/// What is open today, and what was paid beyond it.
async fn open(
    read: &mut Read,
    reader: &Reader,
    currency: Currency,
) -> Result<Option<OpenInvoices>, Failure> {
    let dues = read.open_dues(reader.customer_id, currency, MOST_OPEN + 1).await?;
    if u32::try_from(dues.len()).is_ok_and(|many| many > MOST_OPEN) {
        return Ok(None);
    }
    let ageing = Ageing::of(dues, reader.today);
    let totals = read.customer_totals(reader.customer_id).await?;
    let sums = totals.iter().find(|(known, _)| *known == currency);
    let live = sums.map_or_else(Sums::default, |(_, sums)| *sums).balance();
    Ok(Some(OpenInvoices { ageing, credit_minor: live.saturating_add(ageing.total().minor) }))
}

async fn print(core: &Core, paper: Paper, style: Style) -> Result<Document, Refusal> {
    let name = format!("statement-{}-{}", paper.asked.currency, paper.asked.until);
    let work = move || {
        let document = StatementDocument {
            currency: paper.asked.currency,
            from: paper.asked.from,
            until: paper.asked.until,
            opening_minor: paper.opening_minor,
            movements: &paper.movements,
            open: paper.open,
            issued_on: paper.issued_on,
            seller: &paper.seller,
            buyer: &paper.buyer,
        };
        statement_pdf(&document, &style.borrow())
    };
    let bytes = core.inner.press.print(work).await?;
    Ok(pdf_file(&name, bytes))
}
