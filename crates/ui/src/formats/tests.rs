//! What formats write in each language.

use portico_billing::Currency;

use super::*;

fn formats() -> Formats {
    Formats::new(["en", "es"].into_iter()).expect("formats")
}

#[test]
fn money_has_the_decimals_of_its_currency() {
    let formats = formats();
    for (minor, code, english, spanish) in [
        (123_456, "EUR", "€1,234.56", "1234,56\u{a0}€"),
        (1_234_567, "EUR", "€12,345.67", "12.345,67\u{a0}€"),
        (0, "EUR", "€0.00", "0,00\u{a0}€"),
        (5, "EUR", "€0.05", "0,05\u{a0}€"),
        (-1_200, "EUR", "-€12.00", "-12,00\u{a0}€"),
        (1_200, "USD", "$12.00", "12,00\u{a0}US$"),
        (1_234_567, "JPY", "¥1,234,567", "1.234.567\u{a0}JP¥"),
        (1_234_567, "KWD", "KWD\u{a0}1,234.567", "1234,567\u{a0}KWD"),
        (12_345, "CLF", "CLF\u{a0}1.2345", "1,2345\u{a0}CLF"),
    ] {
        let money = Money::new(minor, code.parse().expect("a currency"));
        assert_eq!(formats.of("en").money(money), english);
        assert_eq!(formats.of("es").money(money), spanish);
    }
}

#[test]
fn what_is_owed_is_never_rounded_to_what_is_customary() {
    for (code, shown) in
        [("IQD", "IQD\u{a0}1.234"), ("RSD", "RSD\u{a0}12.34"), ("COP", "COP\u{a0}12.34")]
    {
        let currency: Currency = code.parse().expect("a currency");
        let money = Money::new(1_234, currency);
        assert_eq!(formats().of("en").money(money), shown);
    }
}

#[test]
fn the_largest_amounts_are_exact() {
    let lowest = Money::new(i64::MIN, Currency::USD);
    assert_eq!(formats().of("en").money(lowest), "-$92,233,720,368,547,758.08");
}

#[test]
fn amounts_in_fields_have_the_mark_of_the_language_and_no_groups() {
    let formats = formats();
    for (minor, code, english, spanish) in [
        (1_234_567, "EUR", "12345.67", "12345,67"),
        (-5_000, "EUR", "-50.00", "-50,00"),
        (1_234_567, "JPY", "1234567", "1234567"),
        (1_234_567, "KWD", "1234.567", "1234,567"),
        (12_345, "CLF", "1.2345", "1,2345"),
    ] {
        let money = Money::new(minor, code.parse().expect("a currency"));
        assert_eq!(formats.of("en").typed_amount(money), english);
        assert_eq!(formats.of("es").typed_amount(money), spanish);
    }
}

#[test]
fn changes_have_a_sign() {
    let signed = |minor| formats().of("en").signed_money(Money::new(minor, Currency::EUR));
    assert_eq!([1, 0, -1].map(signed), ["+€0.01", "€0.00", "-€0.01"]);
}

#[test]
fn times_are_those_of_the_zone_and_say_so() {
    let at: Timestamp = "2026-03-29T01:30:00Z".parse().expect("a time");
    let shown = |language: &str, zone: &str| {
        let zone = TimeZone::get(zone).expect("a zone");
        formats().of(language).datetime(at, &zone).replace('\u{202f}', " ")
    };
    assert_eq!(shown("es", "Europe/Madrid"), "29 mar 2026, 03:30 CEST");
    assert_eq!(shown("es", "America/Bogota"), "28 mar 2026, 20:30 GMT-5");
    assert_eq!(shown("en", "UTC"), "29 Mar 2026, 1:30 am UTC");
}

#[test]
fn numbers_keep_their_decimals() {
    let formats = formats();
    let number = |text: &str| text.parse::<Decimal>().expect("a number");
    assert_eq!(formats.of("en").number(number("-1234567.8900")), "-1,234,567.89");
    assert_eq!(formats.of("es").number(number("0.000001")), "0,000001");
    assert_eq!(formats.of("en").number(number("100")), "100");
    assert_eq!(formats.of("en").percent(number("21.000")), "21%");
}

#[test]
fn names_are_of_the_language_and_codes_stay_where_there_is_none() {
    let formats = formats();
    assert_eq!(formats.of("es").country("US"), "Estados Unidos");
    assert_eq!(formats.of("en").country("XX"), "XX");
    assert_eq!(formats.of("en").country("nonsense"), "nonsense");
    assert_eq!(formats.of("en").language_name("es-419"), "Spanish");
    assert_eq!(formats.own_name("es").as_deref(), Some("Español"));
    assert_eq!(formats.own_name("fr"), None);
    assert_eq!(formats.of("en").currency_name("nonsense"), "nonsense");
}

#[test]
fn an_unknown_language_is_shown_in_english() {
    assert_eq!(formats().of("xx").date(jiff::civil::date(2026, 11, 21)).as_ref(), "21 Nov 2026");
}
