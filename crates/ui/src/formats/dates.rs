//! Days, months and moments.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use icu::calendar::{Date as IcuDate, Gregorian, Iso};
use icu::datetime::FixedCalendarDateTimeFormatter;
use icu::datetime::fieldsets::{self, zone::SpecificShort};
use icu::locale::{Locale, locale};
use icu::time::zone::models::AtTime;
use icu::time::{TimeZoneInfo, ZonedDateTime};
use jiff::Zoned;
use jiff::civil::Date;
use jiff_icu::ConvertFrom as _;

use super::LoadError;

type Formatter<F> = FixedCalendarDateTimeFormatter<Gregorian, F>;
type Moment = fieldsets::Combo<fieldsets::YMDT, SpecificShort>;

/// Formatters for the calendar that bills are dated in.
#[derive(Debug)]
pub struct DateFormats {
    medium: Formatter<fieldsets::YMD>,
    shown: RwLock<HashMap<Date, Arc<str>>>,
    long: Formatter<fieldsets::YMD>,
    month: Formatter<fieldsets::YM>,
    moment: Formatter<Moment>,
}

/// Days whose text is kept. Lists show the same few days again and again, hundreds on a page.
const KEPT: usize = 4_096;

/// Where dates are written in another way than ICU takes for the language's default: English is
/// read all over the world, and day before month is understood everywhere.
pub fn locale_of(language: &Locale) -> Locale {
    if *language == locale!("en") { locale!("en-001") } else { language.clone() }
}

impl DateFormats {
    pub fn new(locale: &Locale) -> Result<Self, LoadError> {
        let moment = fieldsets::YMD::medium().with_time_hm().with_zone(SpecificShort);
        Ok(Self {
            medium: Formatter::try_new(locale.into(), fieldsets::YMD::medium())?,
            shown: RwLock::default(),
            long: Formatter::try_new(locale.into(), fieldsets::YMD::long())?,
            month: Formatter::try_new(locale.into(), fieldsets::YM::medium())?,
            moment: Formatter::try_new(locale.into(), moment)?,
        })
    }

    pub fn medium(&self, date: Date) -> Arc<str> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = shown.get(&date) {
            return Arc::clone(text);
        }
        drop(shown);
        let text: Arc<str> = self.medium.format(&gregorian(date)).to_string().into();
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        if shown.len() >= KEPT {
            shown.clear();
        }
        shown.insert(date, Arc::clone(&text));
        text
    }

    pub fn long(&self, date: Date) -> String {
        self.long.format(&gregorian(date)).to_string()
    }

    pub fn month(&self, date: Date) -> String {
        self.month.format(&gregorian(date)).to_string()
    }

    pub fn moment(&self, at: &Zoned) -> String {
        let iso = ZonedDateTime::<Iso, TimeZoneInfo<AtTime>>::convert_from(at);
        let date = iso.date.to_calendar(Gregorian);
        self.moment.format(&ZonedDateTime { date, time: iso.time, zone: iso.zone }).to_string()
    }
}

fn gregorian(date: Date) -> IcuDate<Gregorian> {
    IcuDate::<Iso>::convert_from(date).to_calendar(Gregorian)
}
