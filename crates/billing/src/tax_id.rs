//! The form of tax ids, by register.
//!
//! Form alone: whether a number was ever given out is known to the register. Numbers of EU states
//! are not refused for their check digits, since some states gave out numbers that break the rule.

use stdnum::ErrorKind;

/// A register that tax ids come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// The kind of its tax ids: `eu_vat`, `us_ein` …
    pub kind: &'static str,
    /// The rule of its numbers, `country/name`; of `eu_vat` the number's own prefix says which.
    rule: Option<&'static str>,
    /// A number in the right form.
    pub example: &'static str,
}

const fn register(kind: &'static str, rule: &'static str, example: &'static str) -> Register {
    Register { kind, rule: Some(rule), example }
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
    Register { kind: "eu_vat", rule: None, example: "DE136695976" },
    register("gb_vat", "gb/vat", "GB 980 7806 84"),
    register("il_hp", "il/hp", "516179157"),
    register("in_gst", "in/gstin", "27AAPFU0939F1ZV"),
    register("in_pan", "in/pan", "ACUPA7085R"),
    register("is_vat", "is/vsk", "IS 00621"),
    register("jp_cn", "jp/cn", "5-8356-7825-6246"),
    register("kr_brn", "kr/brn", "116-82-00276"),
    register("mx_rfc", "mx/rfc", "GODE561231GR8"),
    register("no_vat", "no/mva", "NO 995 525 828 MVA"),
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

/// Checks the form of a tax id.
///
/// # Errors
/// `UnknownKind`, `Malformed`.
pub fn check(kind: &str, value: &str) -> Result<(), TaxIdError> {
    let register = REGISTERS.iter().find(|register| register.kind == kind);
    let register = register.ok_or(TaxIdError::UnknownKind)?;
    match register.rule {
        Some(rule) if fits(rule, value, false) => Ok(()),
        Some(_) => Err(TaxIdError::Malformed { example: register.example }),
        None => check_eu(value, register.example),
    }
}

fn check_eu(value: &str, example: &'static str) -> Result<(), TaxIdError> {
    let compact: String = value.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let (prefix, number) = compact.split_at_checked(2).unwrap_or_default();
    let prefix = prefix.to_ascii_uppercase();
    let state = EU_STATES.iter().find(|(state, ..)| *state == prefix);
    let Some((_, rule, example)) = state else { return Err(TaxIdError::Malformed { example }) };
    if fits(rule, number, true) { Ok(()) } else { Err(TaxIdError::Malformed { example }) }
}

fn fits(rule: &str, number: &str, any_check_digit: bool) -> bool {
    let plain = number.chars().all(|c| c.is_ascii_alphanumeric() || " -./&".contains(c));
    let checked = stdnum::find(rule).filter(|_| plain).map(|rule| rule.validate(number));
    match checked {
        Some(Ok(_)) => true,
        Some(Err(error)) => any_check_digit && error.kind() == ErrorKind::InvalidChecksum,
        None => false,
    }
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
            .filter(|(kind, example)| check(kind, example).is_err())
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
                check(kind, value),
                Err(TaxIdError::Malformed { example }),
                "{kind} {value}"
            );
        }
        assert_eq!(check("xx_vat", "1"), Err(TaxIdError::UnknownKind));
    }

    #[test]
    fn spaces_and_case_do_not_matter() {
        for good in ["de 136 695 976", "ESB-58378431", "nl004495445b01", "DE123456789"] {
            assert_eq!(check("eu_vat", good), Ok(()), "{good}");
        }
    }
}
