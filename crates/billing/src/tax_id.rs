//! The form of tax ids, by register: the one that they are kept in, so that the same id is the
//! same text however it was typed, and the one that people read.
//!
//! Form alone: whether a number was ever given out is known to the register. Numbers of EU states
//! are not refused for their check digits, since some states gave out numbers that break the rule.

use stdnum::ErrorKind;

use crate::account::TaxId;

/// A register that tax ids come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// The kind of its tax ids: `eu_vat`, `us_ein` …
    pub kind: &'static str,
    /// The rule of its numbers, `country/name`; of `eu_vat` the number's own prefix says which.
    rule: Option<&'static str>,
    /// Country that the number begins with as the register prints it, where the rule takes it off.
    prefix: &'static str,
    /// A number in the right form.
    pub example: &'static str,
}

const fn register(kind: &'static str, rule: &'static str, example: &'static str) -> Register {
    Register { kind, rule: Some(rule), prefix: "", example }
}

impl Register {
    const fn with_prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }
}

/// The registers whose tax ids are checked, in the order of their kinds.
pub const REGISTERS: &[Register] = &[
    register("ar_cuit", "ar/cuit", "20-05536168-2"),
    register("au_abn", "au/abn", "83 914 571 673"),
    register("br_cnpj", "br/cnpj", "16.727.230/0001-97"),
    register("br_cpf", "br/cpf", "390.533.447-05"),
    register("ca_bn", "ca/bn", "12302 6635 RC 0001"),
    register("ca_gst", "ca/gst", "12302 6635 RT 0001"),
    register("ch_vat", "ch/vat", "CHE-107.787.577 IVA"),
    register("cl_rut", "cl/rut", "76086428-5"),
    register("co_nit", "co/nit", "213.123.432-1"),
    register("cr_cpj", "cr/cpj", "3-101-999999"),
    register("do_rnc", "do/rnc", "1-01-85004-3"),
    register("ec_ruc", "ec/ruc", "1792060346-001"),
    register("es_cif", "es/cif", "J99216582"),
    register("es_nif", "es/nif", "54362315K"),
    Register { kind: "eu_vat", rule: None, prefix: "", example: "DE136695976" },
    register("gb_vat", "gb/vat", "GB 980 7806 84").with_prefix("GB"),
    register("il_hp", "il/hp", "516179157"),
    register("in_gst", "in/gstin", "27AAPFU0939F1ZV"),
    register("in_pan", "in/pan", "ACUPA7085R"),
    register("is_vat", "is/vsk", "IS 00621").with_prefix("IS"),
    register("jp_cn", "jp/cn", "5-8356-7825-6246"),
    register("kr_brn", "kr/brn", "116-82-00276"),
    register("mx_rfc", "mx/rfc", "GODE561231GR8"),
    register("no_vat", "no/mva", "NO 995 525 828 MVA").with_prefix("NO"),
    register("nz_ird", "nz/ird", "49-091-850"),
    register("pe_ruc", "pe/ruc", "20512333797"),
    register("sg_uen", "sg/uen", "00192200M"),
    register("tr_vkn", "tr/vkn", "4540536920"),
    register("us_ein", "us/ein", "91-1144442"),
    register("uy_rut", "uy/rut", "21-100342-001-7"),
];

/// Rule and example of each state whose numbers are in the EU's VAT system, by their prefix.
const EU_STATES: &[(&str, &str, &str)] = &[
    ("AT", "at/uid", "ATU13585627"),
    ("BE", "be/vat", "BE0428759497"),
    ("BG", "bg/vat", "BG175074752"),
    ("CY", "cy/vat", "CY10259033P"),
    ("CZ", "cz/dic", "CZ25123891"),
    ("DE", "de/vat", "DE136695976"),
    ("DK", "dk/cvr", "DK13585628"),
    ("EE", "ee/kmkr", "EE100931558"),
    ("EL", "gr/vat", "EL094259216"),
    ("ES", "es/nif", "ESB58378431"),
    ("FI", "fi/alv", "FI20774740"),
    ("FR", "fr/tva", "FR40303265045"),
    ("HR", "hr/oib", "HR33392005961"),
    ("HU", "hu/anum", "HU12892312"),
    ("IE", "ie/vat", "IE6433435F"),
    ("IT", "it/iva", "IT00743110157"),
    ("LT", "lt/pvm", "LT119511515"),
    ("LU", "lu/tva", "LU15027442"),
    ("LV", "lv/pvn", "LV40003521600"),
    ("MT", "mt/vat", "MT11679112"),
    ("NL", "nl/btw", "NL004495445B01"),
    ("PL", "pl/nip", "PL8567346215"),
    ("PT", "pt/nif", "PT501964843"),
    ("RO", "ro/cif", "RO18547290"),
    ("SE", "se/vat", "SE123456789701"),
    ("SI", "si/ddv", "SI50223054"),
    ("SK", "sk/dph", "SK2022749619"),
    ("XI", "gb/vat", "XI980780684"),
];

/// Why a tax id is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxIdError {
    /// No register has this kind.
    #[error("no known register of tax ids")]
    UnknownKind,
    /// The number does not have the register's form.
    #[error("not in the form of this register, for example {example}")]
    Malformed {
        /// A number in the right form.
        example: &'static str,
    },
}

/// The number as it is kept: without gaps and points, in upper case, with the country where the
/// register prints it.
///
/// # Errors
/// `UnknownKind`, `Malformed`.
pub fn normalise(kind: &str, value: &str) -> Result<String, TaxIdError> {
    let register = find(kind).ok_or(TaxIdError::UnknownKind)?;
    let Some(rule) = register.rule else { return normalise_eu(value, register.example) };
    let number = compact(rule, value, false);
    let number = number.ok_or(TaxIdError::Malformed { example: register.example })?;
    Ok(format!("{}{number}", register.prefix))
}

/// The tax id as it is kept: the number normalised where it has the form of its register, as it
/// was given where it has not.
#[must_use]
pub fn kept(tax_id: TaxId) -> TaxId {
    let value = normalise(&tax_id.kind, &tax_id.value).unwrap_or(tax_id.value);
    TaxId { value, ..tax_id }
}

/// The tax id as people read it: with the gaps and points of its register, where the number has its
/// form and the register's example has them too.
#[must_use]
pub fn shown(tax_id: &TaxId) -> TaxId {
    let has_gaps = |register: &&Register| {
        normalise(register.kind, register.example).as_deref() != Ok(register.example)
    };
    let printed = find(&tax_id.kind).filter(has_gaps).and_then(|register| {
        let number = tax_id.value.strip_prefix(register.prefix)?;
        let number = stdnum::find(register.rule?)?.format(number);
        let gap = if register.prefix.is_empty() { "" } else { " " };
        Some(format!("{}{gap}{number}", register.prefix))
    });
    // What is read must be the same number when it is typed again.
    let same = |text: &String| normalise(&tax_id.kind, text).as_ref() == Ok(&tax_id.value);
    let value = printed.filter(same).unwrap_or_else(|| tax_id.value.clone());
    TaxId { kind: tax_id.kind.clone(), value }
}

fn find(kind: &str) -> Option<&'static Register> {
    REGISTERS.iter().find(|register| register.kind == kind)
}

fn normalise_eu(value: &str, example: &'static str) -> Result<String, TaxIdError> {
    let compact_value: String = value.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let (prefix, number) = compact_value.split_at_checked(2).unwrap_or_default();
    let prefix = prefix.to_ascii_uppercase();
    let state = EU_STATES.iter().find(|(state, ..)| *state == prefix);
    let Some((_, rule, example)) = state else { return Err(TaxIdError::Malformed { example }) };
    let number = compact(rule, number, true).ok_or(TaxIdError::Malformed { example })?;
    Ok(format!("{prefix}{number}"))
}

/// The number in the compact form of its rule, if it has the rule's form.
fn compact(rule: &str, number: &str, any_check_digit: bool) -> Option<String> {
    let plain = number.chars().all(|c| c.is_ascii_alphanumeric() || " -./&".contains(c));
    let rule = stdnum::find(rule).filter(|_| plain)?;
    let number = match rule.validate(number) {
        Ok(valid) => Some(valid.compact),
        Err(error) if any_check_digit && error.kind() == ErrorKind::InvalidChecksum => {
            rule.compact(number).ok()
        }
        Err(_) => None,
    };
    number.map(|number| number.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_in_the_form_that_it_shows() {
        let broken: Vec<_> = REGISTERS
            .iter()
            .map(|register| (register.kind, register.example))
            .chain(EU_STATES.iter().map(|(_, _, example)| ("eu_vat", *example)))
            .filter(|(kind, example)| normalise(kind, example).is_err())
            .collect();
        assert_eq!(broken, []);
    }

    #[test]
    fn what_does_not_have_the_form_is_refused_with_an_example() {
        let cases = [
            ("eu_vat", "", "DE136695976"),
            ("eu_vat", "136695976", "DE136695976"),
            ("eu_vat", "US136695976", "DE136695976"),
            ("eu_vat", "DE12345", "DE136695976"),
            ("eu_vat", "ES12345", "ESB58378431"),
            ("eu_vat", "FR123", "FR40303265045"),
            ("es_nif", "54362315X", "54362315K"),
            ("es_cif", "J99216583", "J99216582"),
            ("us_ein", "1234", "91-1144442"),
            ("us_ein", "91-114444a", "91-1144442"),
            ("au_abn", "83 914 571 674", "83 914 571 673"),
            ("br_cnpj", "16.727.230/0001-98", "16.727.230/0001-97"),
            ("co_nit", "213.123.432-2", "213.123.432-1"),
            ("mx_rfc", "<script>", "GODE561231GR8"),
        ];
        for (kind, value, example) in cases {
            assert_eq!(
                normalise(kind, value),
                Err(TaxIdError::Malformed { example }),
                "{kind} {value}"
            );
        }
        assert_eq!(normalise("xx_vat", "1"), Err(TaxIdError::UnknownKind));
    }

    fn tax_id(kind: &str, value: &str) -> TaxId {
        TaxId { kind: kind.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn the_same_number_is_kept_as_the_same_text() {
        let cases = [
            ("eu_vat", "de 136 695 976", "DE136695976"),
            ("eu_vat", "ESB-58378431", "ESB58378431"),
            ("eu_vat", "nl004495445b01", "NL004495445B01"),
            ("eu_vat", "DE123456789", "DE123456789"),
            ("es_nif", "54362315-k", "54362315K"),
            ("br_cnpj", "16.727.230/0001-97", "16727230000197"),
            ("us_ein", "91-1144442", "911144442"),
            ("mx_rfc", "gode 561231 gr8", "GODE561231GR8"),
            ("ch_vat", "CHE-107.787.577 IVA", "CHE107787577IVA"),
            ("gb_vat", "980 7806 84", "GB980780684"),
            ("gb_vat", "gb980780684", "GB980780684"),
            ("no_vat", "995525828MVA", "NO995525828MVA"),
            ("is_vat", "IS 00621", "IS00621"),
        ];
        for (kind, typed, expected) in cases {
            assert_eq!(normalise(kind, typed).as_deref(), Ok(expected), "{kind} {typed}");
            assert_eq!(normalise(kind, expected).as_deref(), Ok(expected), "{kind} again");
        }
        assert_eq!(kept(tax_id("mars_vat", "a 1")), tax_id("mars_vat", "a 1"));
        assert_eq!(kept(tax_id("us_ein", "12-34")), tax_id("us_ein", "12-34"));
    }

    #[test]
    fn what_people_read_is_the_same_number() {
        let examples = REGISTERS.iter().map(|register| (register.kind, register.example));
        let all = examples.chain(EU_STATES.iter().map(|(_, _, example)| ("eu_vat", *example)));
        for (kind, example) in all {
            let stored = kept(tax_id(kind, example));
            assert_eq!(kept(stored.clone()), stored);
            assert_eq!(kept(shown(&stored)), stored, "{kind} {example}");
        }
        let read = |kind, value| shown(&tax_id(kind, value)).value;
        assert_eq!(read("us_ein", "911144442"), "91-1144442");
        assert_eq!(read("br_cnpj", "16727230000197"), "16.727.230/0001-97");
        assert_eq!(read("gb_vat", "GB980780684"), "GB 980 7806 84");
        assert_eq!(read("eu_vat", "ESB58378431"), "ESB58378431");
        assert_eq!(read("es_cif", "J99216582"), "J99216582");
        assert_eq!(read("us_ein", "12-34"), "12-34");
    }
}
