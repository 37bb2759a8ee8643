//! Columns of the reports on usage: which there are, who may see them, which are shown where
//! nobody chose.

use serde::{Deserialize, Serialize};

use self::Audience::{Customers, Everybody};
use crate::account::CustomerKind;
use crate::brand::ReportColumns;

/// A report whose columns a brand chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// Usage, added up by destination.
    Breakout,
    /// Call detail records, one line each.
    Cdr,
}

/// Who may see a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Customers and carriers.
    Everybody,
    /// Customers alone: it tells what a customer pays, or who it is.
    Customers,
}

/// A column of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its word in data and texts: `call_time`.
    pub word: &'static str,
    /// Who may see it.
    pub audience: Audience,
    /// Whether it is shown where the brand chose nothing.
    pub is_default: bool,
}

/// Why a choice of columns is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnError {
    /// The report has no such column.
    #[error("there is no column `{0}`")]
    Unknown(String),
    /// A column is there more than once.
    #[error("the column `{0}` is there twice")]
    Twice(String),
}

const fn shown(word: &'static str, audience: Audience) -> Column {
    Column { word, audience, is_default: true }
}

const fn further(word: &'static str, audience: Audience) -> Column {
    Column { word, audience, is_default: false }
}

const BREAKOUT: &[Column] = &[
    shown("call_time", Everybody),
    further("customer", Customers),
    shown("customer_destination_name", Customers),
    shown("attempts", Everybody),
    shown("connected", Everybody),
    shown("customer_duration", Customers),
    further("duration", Everybody),
    shown("customer_charge", Customers),
    shown("acd", Everybody),
    shown("asr", Everybody),
    further("dtmf", Everybody),
    further("dtmf_percent", Everybody),
    further("sdp", Everybody),
];

const CDR: &[Column] = &[
    further("call_id", Everybody),
    further("switch", Everybody),
    shown("call_time", Everybody),
    shown("source_number", Everybody),
    further("card_id", Customers),
    further("tech_prefix", Everybody),
    shown("destination", Everybody),
    further("lrn_number", Everybody),
    shown("duration", Everybody),
    further("recording_file", Customers),
    further("play_audio", Customers),
    shown("release_reason", Everybody),
    further("pdd_in", Everybody),
    further("ring_duration", Everybody),
    further("sip_code", Everybody),
    further("sip_reason", Everybody),
    further("dtmf", Everybody),
    further("direction", Everybody),
    further("source_ip", Everybody),
    further("destination_code", Everybody),
    shown("destination_name", Everybody),
    shown("billed_duration", Everybody),
    shown("rate", Customers),
    further("connect_cost", Customers),
    further("pdd", Everybody),
    shown("charge", Customers),
];

impl Report {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Breakout, Self::Cdr];

    /// Its word in data and texts: `cdr`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Breakout => "breakout",
            Self::Cdr => "cdr",
        }
    }

    /// The report of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|report| report.word() == word)
    }

    /// All its columns, in their usual order.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Breakout => BREAKOUT,
            Self::Cdr => CDR,
        }
    }

    /// The column of a word.
    #[must_use]
    pub fn column(self, word: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.word == word)
    }

    /// Refuses a choice with columns that there are not, or twice.
    ///
    /// # Errors
    /// `Unknown`, `Twice`.
    pub fn check(self, words: &[String]) -> Result<(), ColumnError> {
        for (at, word) in words.iter().enumerate() {
            if self.column(word).is_none() {
                return Err(ColumnError::Unknown(word.clone()));
            }
            if words[..at].contains(word) {
                return Err(ColumnError::Twice(word.clone()));
            }
        }
        Ok(())
    }
}

impl ReportColumns {
    /// What was chosen for a report; empty where nothing was.
    #[must_use]
    pub fn chosen(&self, report: Report) -> &[String] {
        match report {
            Report::Breakout => &self.breakout,
            Report::Cdr => &self.cdr,
        }
    }

    /// The list of a report, to be changed.
    pub const fn chosen_mut(&mut self, report: Report) -> &mut Vec<String> {
        match report {
            Report::Breakout => &mut self.breakout,
            Report::Cdr => &mut self.cdr,
        }
    }

    /// The columns in their order: those that were chosen, else those that are usual.
    #[must_use]
    pub fn of(&self, report: Report) -> Vec<&'static Column> {
        let chosen = self.chosen(report);
        if chosen.is_empty() {
            return report.columns().iter().filter(|column| column.is_default).collect();
        }
        chosen.iter().filter_map(|word| report.column(word)).collect()
    }

    /// Those of them that an account of this kind may see.
    #[must_use]
    pub fn seen_by(&self, report: Report, kind: CustomerKind) -> Vec<&'static Column> {
        let everything = kind == CustomerKind::Customer;
        let mut columns = self.of(report);
        columns.retain(|column| everything || column.audience == Everybody);
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(columns: &[&Column]) -> Vec<&'static str> {
        columns.iter().map(|column| column.word).collect()
    }

    #[test]
    fn the_columns_are_those_of_the_reports_each_once() {
        assert_eq!((BREAKOUT.len(), CDR.len()), (13, 26));
        for report in Report::ALL {
            let all: Vec<String> = report.columns().iter().map(|it| it.word.to_owned()).collect();
            assert_eq!(report.check(&all), Ok(()));
            assert_eq!(Report::from_word(report.word()), Some(report));
        }
    }

    #[test]
    fn a_choice_keeps_its_order_and_nothing_chosen_is_the_usual_one() {
        let chosen = vec!["charge".to_owned(), "call_time".to_owned()];
        let columns = ReportColumns { cdr: chosen, ..ReportColumns::default() };
        assert_eq!(words(&columns.of(Report::Cdr)), ["charge", "call_time"]);
        let usual = words(&columns.of(Report::Breakout));
        assert_eq!(usual.first(), Some(&"call_time"));
        assert!(usual.contains(&"customer_charge") && !usual.contains(&"sdp"), "{usual:?}");
    }

    #[test]
    fn what_customers_pay_is_not_for_carriers() {
        let columns = ReportColumns::default();
        for report in Report::ALL {
            let carriers = words(&columns.seen_by(report, CustomerKind::Carrier));
            let customers = words(&columns.seen_by(report, CustomerKind::Customer));
            assert_eq!(customers, words(&columns.of(report)));
            assert!(!carriers.is_empty() && carriers.len() < customers.len());
            let pay = ["customer", "customer_charge", "rate", "charge", "connect_cost"];
            assert!(!carriers.iter().any(|word| pay.contains(word)), "{carriers:?}");
        }
    }

    #[test]
    fn a_choice_of_what_there_is_not_is_refused() {
        let choice = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let check = |list: &[&str]| Report::Breakout.check(&choice(list));
        assert_eq!(check(&["acd", "charge"]), Err(ColumnError::Unknown("charge".to_owned())));
        assert_eq!(check(&["acd", "asr", "acd"]), Err(ColumnError::Twice("acd".to_owned())));
        assert_eq!(check(&[]), Ok(()));
    }
}
