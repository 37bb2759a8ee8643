//! A new batch of vouchers.

use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_billing::voucher::{MAX_COUNT, VoucherKind, parse_multiplier};
use portico_billing::{Currency, Money};
use portico_core::{NewVoucherBatch, StaffError};
use portico_ui::formats::{plain_decimal, read_amount};
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use rust_decimal::Decimal;
use serde::Serialize;

use super::super::choices::{Choice, Choices};
use super::super::params::Params;
use super::super::refusal::with_faults;
use super::super::{Answer, Staff};
use super::batch_path;

/// How long a redeemed voucher waits for its payment, where nothing else is typed.
const WAIT_DAYS: &str = "90";

/// The form.
#[derive(Debug, Clone, Serialize)]
pub struct NewBatchPage {
    form: FormState,
    currencies: Vec<Choice>,
}

impl NewBatchPage {
    fn new(staff: &Staff, form: FormState) -> Self {
        let language = staff.here.frame_for(Some(staff)).language;
        let choices = Choices::new(&staff.here.panel.ui, &language);
        Self { currencies: choices.currencies(form.value("currency")), form }
    }
}

impl Page for NewBatchPage {
    const TEMPLATE: &'static str = "panel/vouchers/new.html";

    fn samples() -> Vec<Sample<Self>> {
        let currencies = || vec![Choice::new("EUR", "EUR"), Choice::new("KWD", "KWD")];
        let page = |form| Self { form, currencies: currencies() };
        let faulty = blank("KWD")
            .with_value("kind", VoucherKind::Multiplied.word())
            .with_value("series", "summer 26!")
            .with_value("multiplier", "lots")
            .with_fault("series", "fault-bad-characters", TextArgs::new())
            .with_fault("count", "fault-out-of-range", count_range())
            .with_fault("addition", "fault-required", TextArgs::new())
            .with_fault("minimum", "fault-amount", TextArgs::new())
            .with_fault("multiplier", "vouchers-fault-percent", TextArgs::new())
            .with_fault("ceiling", "fault-amount", TextArgs::new())
            .with_fault("wait_days", "fault-not-a-number", TextArgs::new())
            .with_fault("expires_at", "vouchers-fault-past", TextArgs::new());
        vec![Sample::new("blank", page(blank("EUR"))), Sample::new("faulty", page(faulty))]
    }
}

fn blank(currency: &str) -> FormState {
    FormState::new()
        .with_value("kind", VoucherKind::Free.word())
        .with_value("currency", currency)
        .with_value("count", "100")
        .with_value("wait_days", WAIT_DAYS)
}

fn count_range() -> TextArgs {
    TextArgs::new().text("min", "1").text("max", MAX_COUNT.to_string())
}

/// GET: the form.
pub async fn new(staff: Staff) -> Answer {
    let currency = staff.core().usual_currency(staff.caller()).await?;
    staff.page(&NewBatchPage::new(&staff, blank(currency.code())))
}

/// POST: makes the batch. The series is the batch's own, so that a form sent twice makes it once.
pub async fn create(staff: Staff, form: CheckedForm<Params>) -> Answer {
    let (fields, form) = form.open();
    let form = match Reading::of(&staff, &fields, form).batch() {
        Err(form) => form,
        Ok((new, form)) => match staff.core().make_voucher_batch(staff.caller(), new).await {
            Ok(batch) => {
                let to = batch_path(batch.id);
                let notice = "notice-vouchers-made";
                return Ok(staff.here.redirect_with_notice(&to, "success", notice));
            }
            Err(StaffError::Invalid(faults)) => with_faults(form, &faults),
            Err(error) => return Err(error.into()),
        },
    };
    staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &NewBatchPage::new(&staff, form))
}

/// The form as it is read: each field leaves its value, or what is wrong with it.
struct Reading<'a> {
    fields: &'a Params,
    form: FormState,
    now: Timestamp,
    zone: TimeZone,
}

impl<'a> Reading<'a> {
    fn of(staff: &Staff, fields: &'a Params, form: FormState) -> Self {
        let zone = TimeZone::get(&staff.visit.time_zone).unwrap_or(TimeZone::UTC);
        Self { fields, form, now: staff.core().now(), zone }
    }

    /// The batch that is asked for. What its kind does not have is left out, whatever was typed.
    fn batch(mut self) -> Result<(NewVoucherBatch, FormState), FormState> {
        let kind = self.kind();
        let currency = self.currency();
        let count = self.count();
        let expires_at = self.end();
        let (Some(kind), Some(currency)) = (kind, currency) else { return Err(self.form) };
        let pays = kind != VoucherKind::Free;
        let shares = kind == VoucherKind::Multiplied;
        let minimum = pays.then(|| self.amount("minimum", currency, true)).flatten();
        let multiplier = shares.then(|| self.multiplier()).flatten();
        let addition = self.amount("addition", currency, !shares);
        let ceiling = shares.then(|| self.amount("ceiling", currency, false)).flatten();
        let wait_days = pays.then(|| self.wait_days()).flatten();
        if !self.form.is_fine() {
            return Err(self.form);
        }
        let new = NewVoucherBatch {
            series: self.fields.get("series").to_owned(),
            count,
            currency,
            minimum_minor: minimum.unwrap_or_default(),
            multiplier,
            addition_minor: addition.unwrap_or_default(),
            ceiling_minor: ceiling,
            expires_at,
            wait_days,
            note: self.fields.get("note").to_owned(),
        };
        Ok((new, self.form))
    }

    fn fault(&mut self, field: &str, key: &str) {
        self.fault_with(field, key, TextArgs::new());
    }

    fn fault_with(&mut self, field: &str, key: &str, args: TextArgs) {
        self.form = std::mem::take(&mut self.form).with_fault(field, key, args);
    }

    fn kind(&mut self) -> Option<VoucherKind> {
        let typed = self.fields.get("kind");
        let kind = VoucherKind::ALL.into_iter().find(|kind| kind.word() == typed);
        if kind.is_none() {
            self.fault("kind", "fault-not-a-choice");
        }
        kind
    }

    fn currency(&mut self) -> Option<Currency> {
        let currency = self.fields.get("currency").parse().ok();
        if currency.is_none() {
            self.fault("currency", "fault-currency");
        }
        currency
    }

    fn count(&mut self) -> u32 {
        let count: u32 = self.fields.get("count").parse().unwrap_or_default();
        if !(1..=MAX_COUNT).contains(&count) {
            self.fault_with("count", "fault-out-of-range", count_range());
        }
        count
    }

    /// An amount above zero, in minor units; nothing where none is typed and none is needed.
    fn amount(&mut self, field: &str, currency: Currency, needed: bool) -> Option<i64> {
        let typed = self.fields.get(field);
        if typed.is_empty() {
            if needed {
                self.fault(field, "fault-required");
            }
            return None;
        }
        let amount = read_amount(typed, currency).ok().filter(|it| it.is_positive());
        if amount.is_none() {
            self.fault(field, "fault-amount");
        }
        amount.map(Money::minor)
    }

    /// The share of the payment, typed in percent, as a factor.
    fn multiplier(&mut self) -> Option<Decimal> {
        let typed = plain_decimal(self.fields.get("multiplier"));
        if typed.is_empty() {
            self.fault("multiplier", "fault-required");
            return None;
        }
        let factor = parse_multiplier(&format!("{} %", typed.trim_end_matches(['%', ' '])));
        if factor.is_none() {
            self.fault("multiplier", "vouchers-fault-percent");
        }
        factor
    }

    fn wait_days(&mut self) -> Option<u16> {
        let typed = self.fields.get("wait_days");
        let days = typed.parse().ok();
        if days.is_none() && !typed.is_empty() {
            self.fault("wait_days", "fault-not-a-number");
        }
        days
    }

    /// The end of the last day, in the organisation's time zone.
    fn end(&mut self) -> Option<Timestamp> {
        let typed = self.fields.get("expires_at");
        if typed.is_empty() {
            return None;
        }
        let day: Option<Date> = typed.parse().ok();
        let end = day.and_then(|day| day.tomorrow().ok()?.to_zoned(self.zone.clone()).ok());
        let Some(end) = end.map(|end| end.timestamp()) else {
            self.fault("expires_at", "fault-day");
            return None;
        };
        if end <= self.now {
            self.fault("expires_at", "vouchers-fault-past");
        }
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<NewVoucherBatch, FormState> {
        let fields = Params::of_query(query);
        let now = "2026-11-20T12:00:00Z".parse().expect("a time");
        let reading = Reading { fields: &fields, form: FormState::new(), now, zone: TimeZone::UTC };
        reading.batch().map(|(new, _)| new)
    }

    fn faults(query: &str) -> Vec<String> {
        let form = serde_json::to_value(read(query).expect_err("faults")).expect("JSON");
        form["faults"].as_object().expect("an object").keys().cloned().collect()
    }

    #[test]
    fn each_kind_takes_its_own_fields() {
        let all = "series=S&count=3&currency=EUR&addition=5&minimum=20,50&multiplier=25&ceiling=40\
            &wait_days=30&expires_at=2026-11-20&note=Fair";
        let amounts = |kind: &str| {
            let it = read(&format!("kind={kind}&{all}")).expect("a batch");
            let end: Timestamp = "2026-11-21T00:00:00Z".parse().expect("a time");
            assert_eq!((it.count, it.expires_at, it.note.as_str()), (3, Some(end), "Fair"));
            let factor = it.multiplier.map(|it| it.to_string());
            (it.minimum_minor, it.addition_minor, factor, it.ceiling_minor, it.wait_days)
        };
        assert_eq!(amounts("free"), (0, 500, None, None, None));
        assert_eq!(amounts("additional"), (2_050, 500, None, None, Some(30)));
        let quarter = Some("0.25".to_owned());
        assert_eq!(amounts("multiplied"), (2_050, 500, quarter, Some(4_000), Some(30)));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        assert_eq!(faults("series=S"), ["count", "currency", "kind"]);
        let base = "series=S&count=1&currency=EUR";
        assert_eq!(faults(&format!("kind=free&{base}")), ["addition"]);
        assert_eq!(faults(&format!("kind=free&{base}&addition=-5")), ["addition"]);
        assert_eq!(faults(&format!("kind=additional&{base}&addition=5")), ["minimum"]);
        let share = format!("kind=multiplied&{base}&minimum=10");
        assert_eq!(faults(&share), ["multiplier"]);
        assert_eq!(faults(&format!("{share}&multiplier=-1&ceiling=x")), ["ceiling", "multiplier"]);
        let free = format!("kind=free&{base}&addition=5");
        assert_eq!(faults(&format!("{free}&expires_at=2026-11-19")), ["expires_at"]);
        assert_eq!(faults(&format!("{free}&expires_at=soon")), ["expires_at"]);
        assert_eq!(faults(&free.replace("count=1", "count=10001")), ["count"]);
    }
}
