//! What a customer paid, its credit notes, and how its balance came to be, as files.

use axum::extract::Path;
use portico_billing::CustomerId;
use portico_billing::page::Direction;
use portico_core::customers::PaymentListFilter;
use portico_core_api::{Refusal, StatementQuery, TableFormat};
use portico_ui::errors::Problem;

use super::Head;
use crate::staff::answer::{download, export};
use crate::staff::params::Params;
use crate::staff::{Answer, Staff, credit_notes, listing, paths};

/// GET: one of them: `payments.csv`, `payments.xlsx`, `credit-notes.csv`, `credit-notes.xlsx`,
/// `statement.csv`, `statement.xlsx`, `statement.pdf`.
pub async fn show(
    staff: Staff,
    Path((id, file)): Path<(String, String)>,
    params: Params,
) -> Answer {
    let (_, customer) = Head::load(&staff, &id).await?;
    match file.as_str() {
        "payments.csv" => payments(&staff, customer.id, TableFormat::Csv).await,
        "payments.xlsx" => payments(&staff, customer.id, TableFormat::Xlsx).await,
        "credit-notes.csv" => notes(&staff, customer.id, (&params, TableFormat::Csv)).await,
        "credit-notes.xlsx" => notes(&staff, customer.id, (&params, TableFormat::Xlsx)).await,
        "statement.csv" => statement(&staff, customer.id, (&params, Some(TableFormat::Csv))).await,
        "statement.xlsx" => {
            statement(&staff, customer.id, (&params, Some(TableFormat::Xlsx))).await
        }
        "statement.pdf" => statement(&staff, customer.id, (&params, None)).await,
        _ => Err(Problem::NotFound.into()),
    }
}

/// All payments and refunds, the newest first.
async fn payments(staff: &Staff, id: CustomerId, format: TableFormat) -> Answer {
    let language = staff.here.frame_for(Some(staff)).language;
    let language = language.parse().map_err(|_| Problem::BadRequest)?;
    let filter = PaymentListFilter { direction: Direction::Desc, ..PaymentListFilter::default() };
    let asked = (&language, format);
    Ok(export(staff.core().export_customer_payments(staff.caller(), id, filter, asked).await?))
}

/// The credit notes that the filters of their list find.
async fn notes(staff: &Staff, id: CustomerId, (params, format): (&Params, TableFormat)) -> Answer {
    let language = staff.here.language(Some(staff));
    let language = language.parse().map_err(|_| Problem::BadRequest)?;
    let (filter, ..) = credit_notes::list::read(params);
    let asked = (&language, format);
    Ok(export(staff.core().export_customer_credit_notes(staff.caller(), id, filter, asked).await?))
}

/// The statement of the days that are asked for, on paper where no table is.
async fn statement(
    staff: &Staff,
    id: CustomerId,
    (params, format): (&Params, Option<TableFormat>),
) -> Answer {
    let refused = || {
        let to = paths::CUSTOMER_BALANCE.replace("{id}", &id.uuid().to_string());
        Ok(staff.here.redirect_with_notice(&to, "warning", "notice-statement-not-made"))
    };
    let days = (listing::day(params, "from"), listing::day(params, "until"));
    let (Some(from), Some(until)) = days else {
        return refused();
    };
    let currency = params.get("currency").parse().ok();
    let query = StatementQuery { currency, from, until, ..StatementQuery::default() };
    let Some(format) = format else {
        return match staff.core().statement_pdf_for_staff(staff.caller(), id, query).await {
            Ok(document) => Ok(download(document)),
            Err(Refusal::Invalid { .. }) => refused(),
            Err(refusal) => Err(refusal.into()),
        };
    };
    let language = staff.here.frame_for(Some(staff)).language;
    let language = language.parse().map_err(|_| Problem::BadRequest)?;
    let asked = (&language, format);
    Ok(export(staff.core().export_customer_statement(staff.caller(), id, query, asked).await?))
}
