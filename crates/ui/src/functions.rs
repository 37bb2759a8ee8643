//! What templates can call. Language and time zone are those of the `frame`.

use std::borrow::Cow;
use std::sync::Arc;

use fluent_bundle::FluentValue;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use minijinja::value::{Enumerator, Kwargs, Object, Serde};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, HtmlEscape, State, Value};
use portico_billing::totals::Month;
use portico_billing::{Currency, Money};
use rust_decimal::Decimal;

use crate::Frame;
use crate::assets::AssetTable;
use crate::formats::{Formats, LanguageFormats};
use crate::paths::{Paths, with_query};
use crate::texts::{OwnTexts, Texts, TextsError};

/// What the functions draw on.
pub struct Kit {
    pub texts: Arc<Texts>,
    pub formats: Arc<Formats>,
    pub paths: Arc<Paths>,
    pub assets: Arc<AssetTable>,
    pub strict_texts: bool,
}

/// What a template sees: `frame`, and beside it the fields of the page.
#[derive(Debug)]
struct Context {
    frame: Value,
    page: Value,
}

/// The `frame` as it is serialised, and what formats need of it.
#[derive(Debug)]
struct FrameObject {
    fields: Value,
    place: Arc<Place>,
}

/// Whose language and clock amounts and dates are written in.
#[derive(Debug)]
struct Place {
    language: String,
    zone: TimeZone,
    own_texts: Option<Arc<OwnTexts>>,
}

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if key == "frame" { Some(self.frame.clone()) } else { field(&self.page, key) }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let mut keys = keys(&self.page);
        keys.push(Value::from("frame"));
        Enumerator::Values(keys)
    }
}

impl Object for FrameObject {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        field(&self.fields, key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(keys(&self.fields))
    }
}

fn field(of: &Value, key: &str) -> Option<Value> {
    of.get_attr(key).ok().filter(|value| !value.is_undefined())
}

fn keys(of: &Value) -> Vec<Value> {
    of.try_iter().map(Iterator::collect).unwrap_or_default()
}

/// What the template of a page is rendered with. An unknown time zone is shown as UTC, which every
/// time says of itself.
pub fn context(frame: &Frame, page: Value) -> Value {
    let place = Place {
        language: frame.language.clone(),
        zone: TimeZone::get(&frame.time_zone).unwrap_or(TimeZone::UTC),
        own_texts: frame.own_texts.clone(),
    };
    let frame = FrameObject { fields: Value::from(Serde(frame)), place: Arc::new(place) };
    Value::from_object(Context { frame: Value::from_object(frame), page })
}

/// Looked up once for each page: variables are far away from within a macro.
fn place(state: &mut State) -> Result<Arc<Place>, Error> {
    if let Some(place) = state.get_extension::<Arc<Place>>() {
        return Ok(Arc::clone(place));
    }
    let frame = state.lookup("frame").unwrap_or_default();
    let frame = frame
        .downcast_object_ref::<FrameObject>()
        .ok_or_else(|| failure("the context has no `frame`"))?;
    Ok(Arc::clone(state.get_or_insert_extension(Arc::clone(&frame.place))))
}

fn failure(detail: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// Adds all functions and filters to an environment.
pub fn register(environment: &mut Environment<'static>, kit: &Arc<Kit>) {
    add_texts(environment, Arc::clone(kit));
    add_links(environment, kit);
    add_formats(environment, &kit.formats);
    add_names(environment, &kit.formats);
}

fn add_texts(environment: &mut Environment<'static>, kit: Arc<Kit>) {
    let languages: Vec<Value> = kit.texts.languages().map(Value::from).collect();
    environment.add_function("languages", move || languages.clone());
    let function = move |state: &mut State, key: &str, map: Option<Value>, named: Kwargs| {
        let (args, place) = (arguments(map, &named)?, place(state)?);
        text(&kit, &place, state.auto_escape(), key, &args)
    };
    environment.add_function("t", function);
}

/// The text of a key. Its arguments are given by name, or as one map. A key that ends in `-html`
/// holds markup: its arguments are escaped, and it is not. A brand's own words come first.
fn text<'a>(
    kit: &Kit,
    place: &Place,
    escape: &AutoEscape,
    key: &str,
    args: &'a [(String, Value)],
) -> Result<Value, Error> {
    let (own, language) = (place.own_texts.as_deref(), place.language.as_str());
    let is_markup = key.ends_with("-html") && matches!(escape, AutoEscape::Html);
    let text = if args.is_empty() && !is_markup {
        let own = own.and_then(|own| own.plain(language, key));
        own.map_or_else(|| kit.texts.plain(language, key), Ok).map(Value::from)
    } else {
        let arg =
            |(name, value): &'a (String, Value)| (name.as_str(), fluent_value(value, is_markup));
        let args = args.iter().map(arg).collect();
        let own = own.and_then(|own| own.format(language, key, &args));
        let text = own.map_or_else(|| kit.texts.format(language, key, &args), Ok);
        text.map(|text| if is_markup { Value::from_safe_string(text) } else { Value::from(text) })
    };
    match text {
        Err(TextsError::Missing(key)) if !kit.strict_texts => Ok(Value::from(key)),
        text => text.map_err(|error| failure("there is a text missing").with_source(error)),
    }
}

fn fluent_value(value: &Value, escape: bool) -> FluentValue<'static> {
    if let Some(number) = value.as_i64().filter(|_| value.is_integer()) {
        return FluentValue::from(number);
    }
    let text = value.to_string();
    let escape = escape && !value.is_safe();
    FluentValue::from(if escape { HtmlEscape(&text).to_string() } else { text })
}

fn add_links(environment: &mut Environment<'static>, kit: &Arc<Kit>) {
    let paths = Arc::clone(&kit.paths);
    let url = move |state: &State, name: &str, map: Option<Value>, named: Kwargs| {
        let parameters = arguments(map, &named)?;
        let parameters: Vec<_> =
            parameters.iter().map(|(key, value)| (key.as_str(), parameter(value))).collect();
        let url = paths
            .url(name, &parameters)
            .map_err(|error| failure("a link cannot be built").with_source(error))?;
        Ok::<_, Error>(match state.auto_escape() {
            // What is percent-encoded has one character left that HTML takes for its own.
            AutoEscape::Html => Value::from_safe_string(url.replace('&', "&amp;")),
            _ => Value::from(url),
        })
    };
    environment.add_function("url", url);
    environment.add_function("with_query", |path: &str, map: Option<Value>, named: Kwargs| {
        let changes: Vec<_> = arguments(map, &named)?
            .into_iter()
            .map(|(name, value)| (name, parameter(&value)))
            .collect();
        let changes = changes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Ok::<_, Error>(with_query(path, changes))
    });
    let assets = Arc::clone(&kit.assets);
    environment.add_function("asset", move |path: &str| {
        assets
            .url(path)
            .map(Value::from_safe_string)
            .ok_or_else(|| failure(format!("there is no asset `{path}`")))
    });
    let assets = Arc::clone(&kit.assets);
    environment.add_function("icon_svg", move |name: &str| {
        assets.icon(name).ok_or_else(|| failure(format!("there is no icon `{name}`")))
    });
}

/// Arguments given as one map or by name.
fn arguments(map: Option<Value>, named: &Kwargs) -> Result<Vec<(String, Value)>, Error> {
    let mut all = Vec::new();
    if let Some(map) = map {
        for name in map.try_iter()? {
            all.push((name.to_string(), map.get_item(&name)?));
        }
    }
    for name in named.args() {
        all.push((name.to_owned(), named.get(name)?));
    }
    Ok(all)
}

/// A parameter of a link; nothing (`none`) is the empty text, which links leave out.
fn parameter(value: &Value) -> String {
    if value.is_none() { String::new() } else { value.to_string() }
}

/// A name in braces that stands where a value would: filters let it through. So the shipped words
/// of a mail become the template that a brand begins to write its own from.
#[derive(Debug)]
pub struct Placeholder(pub &'static str);

impl Object for Placeholder {
    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{{{{{}}}}}", self.0)
    }
}

/// Registers a filter that formats one value in the frame's language.
fn add<R, F>(
    environment: &mut Environment<'static>,
    formats: &Arc<Formats>,
    name: &'static str,
    format: F,
) where
    R: Into<Value> + 'static,
    F: Fn(&LanguageFormats, &TimeZone, &Value) -> Result<R, Error> + Send + Sync + 'static,
{
    let formats = Arc::clone(formats);
    environment.add_filter(name, move |state: &mut State, value: &Value| {
        if value.downcast_object_ref::<Placeholder>().is_some() {
            return Ok(value.clone());
        }
        let place = place(state)?;
        let formatted = format(formats.of(&place.language), &place.zone, value)?;
        Ok::<Value, Error>(formatted.into())
    });
}

fn add_formats(environment: &mut Environment<'static>, formats: &Arc<Formats>) {
    add(environment, formats, "money", |by, _, value| Ok(by.money(money(value)?)));
    add(environment, formats, "signed_money", |by, _, value| Ok(by.signed_money(money(value)?)));
    add(environment, formats, "number", |by, _, value| Ok(by.number(decimal(value)?)));
    add(environment, formats, "percent", |by, _, value| Ok(by.percent(decimal(value)?)));
    add(environment, formats, "date", |by, zone, value| Ok(by.date(date(value, zone)?)));
    add(environment, formats, "date_long", |by, zone, value| Ok(by.date_long(date(value, zone)?)));
    add(environment, formats, "datetime", |by, zone, value| {
        Ok(by.datetime(parse::<Timestamp>(value, "time")?, zone))
    });
    add(environment, formats, "month", |by, zone, value| {
        let index = value.as_i64().and_then(|index| i32::try_from(index).ok());
        let first_day = match index {
            Some(index) => Month::from_index(index).first_day(),
            None => date(value, zone)?,
        };
        Ok(by.month(first_day))
    });
}

fn add_names(environment: &mut Environment<'static>, formats: &Arc<Formats>) {
    add(environment, formats, "country", |by, _, value| {
        Ok(by.country(string(value, "country code")?).to_owned())
    });
    add(environment, formats, "currency_name", |by, _, value| {
        Ok(by.currency_name(string(value, "currency code")?))
    });
    let all = Arc::clone(formats);
    add(environment, formats, "language_name", move |by, _, value| {
        let tag = string(value, "language tag")?;
        Ok(all.own_name(tag).unwrap_or_else(|| by.language_name(tag).to_owned()))
    });
}

fn money(value: &Value) -> Result<Money, Error> {
    let minor = value.get_attr("minor").ok().and_then(|minor| minor.as_i64());
    let currency = value
        .get_attr("currency")
        .ok()
        .and_then(|currency| currency.as_str().and_then(|code| code.parse::<Currency>().ok()));
    match (minor, currency) {
        (Some(minor), Some(currency)) => Ok(Money::new(minor, currency)),
        _ => Err(not_a(value, "amount of money")),
    }
}

fn decimal(value: &Value) -> Result<Decimal, Error> {
    match value.as_i64().filter(|_| value.is_integer()) {
        Some(number) => Ok(Decimal::from(number)),
        None => parse(value, "number"),
    }
}

/// A day, or the day that a moment lies in.
fn date(value: &Value, zone: &TimeZone) -> Result<Date, Error> {
    // Not by its length: years before 0 have a sign and six digits.
    if value.as_str().is_some_and(|text| text.contains('T')) {
        return Ok(Zoned::new(parse::<Timestamp>(value, "time")?, zone.clone()).date());
    }
    parse(value, "day")
}

fn parse<T: std::str::FromStr>(value: &Value, what: &'static str) -> Result<T, Error> {
    let parsed = value.as_str().and_then(|text| text.parse().ok());
    parsed.ok_or_else(|| not_a(value, what))
}

fn string<'a>(value: &'a Value, what: &'static str) -> Result<&'a str, Error> {
    value.as_str().ok_or_else(|| not_a(value, what))
}

/// Says what kind of value it was, and not the value: it may be personal, and errors are logged.
fn not_a(value: &Value, what: &str) -> Error {
    failure(format!("a {} was given where a {what} is needed", value.kind()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use minijinja::UndefinedBehavior;

    use super::*;
    use crate::BrandFrame;

    fn environment(strict_texts: bool) -> Environment<'static> {
        let texts = Arc::new(Texts::load().expect("texts"));
        let formats = Arc::new(Formats::new(texts.languages()).expect("formats"));
        let kit = Kit {
            texts,
            formats,
            paths: Arc::new(Paths::new(&[("invoice", "/invoices/{id}")])),
            assets: Arc::new(AssetTable::new(false)),
            strict_texts,
        };
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        register(&mut environment, &Arc::new(kit));
        environment
    }

    fn render(language: &str, source: &str) -> Result<String, Error> {
        let frame = Frame {
            time_zone: "Asia/Tokyo".to_owned(),
            path: "/invoices?q=a&cursor=x".to_owned(),
            ..Frame::new(language, BrandFrame::default(), day(2026, 11, 21))
        };
        let total = Serde(Money::new(-123_456, Currency::EUR));
        let values = minijinja::context! {
            total, day => "2026-11-21", at => "2026-11-21T16:05:09Z", month => 2026 * 12 + 10,
            quantity => "1234.500", count => 3, html => "<b>",
        };
        let context = context(&frame, values);
        // The engine escapes slashes as well, which is right and hard to read.
        let html = environment(true).render_named_str("page.html", source, context)?;
        Ok(html.replace("&#x2f;", "/"))
    }

    #[test]
    fn values_are_formatted_in_the_language_and_zone_of_the_frame() {
        for (source, english, spanish) in [
            ("{{ languages()|join(' ') }}", "en es", "en es"),
            ("{{ total|money }}", "-€1,234.56", "-1234,56\u{a0}€"),
            ("{{ day|date }}", "21 Nov 2026", "21 nov 2026"),
            ("{{ at|date }}", "22 Nov 2026", "22 nov 2026"),
            ("{{ day|date_long }}", "21 November 2026", "21 de noviembre de 2026"),
            ("{{ month|month }}", "Nov 2026", "nov 2026"),
            ("{{ quantity|number }}", "1,234.5", "1234,5"),
            ("{{ count|number }} {{ '7.50'|percent }}", "3 7.5%", "3 7,5\u{a0}%"),
            ("{{ 'DE'|country }}", "Germany", "Alemania"),
            ("{{ 'es'|language_name }}", "Español", "Español"),
            ("{{ 'fr'|language_name }}", "French", "francés"),
            ("{{ 'USD'|currency_name }}", "US dollars", "dólar estadounidense"),
        ] {
            assert_eq!(render("en", source).expect(source), english, "{source}");
            assert_eq!(render("es", source).expect(source), spanish, "{source}");
        }
        let at = render("en", "{{ at|datetime }}").expect("a time");
        assert!(at.starts_with("22 Nov 2026") && at.contains("1:05"), "{at}");
    }

    #[test]
    fn days_of_any_year_can_be_shown() {
        for day in ["-009999-01-01", "0000-01-01", "1850-01-01", "9999-12-31"] {
            for filter in ["date", "date_long"] {
                let text = render("en", &format!("{{{{ '{day}'|{filter} }}}}"));
                assert!(text.is_ok_and(|text| !text.is_empty()), "{day} {filter}");
            }
        }
    }

    #[test]
    fn texts_are_escaped_unless_they_are_markup() {
        let text = render("en", r#"{{ t("error-reference-html", reference=html) }}"#);
        assert!(text.expect("a text").contains("<code>&lt;b&gt;</code>"));
        let text = render("en", r#"{{ t("error-too-many-text", {"minutes": count}) }}"#);
        assert_eq!(text.expect("a text"), "Please wait 3 minutes and try again.");
        let text = render("es", r#"{{ t("error-too-many-text", minutes=1) }}"#);
        assert_eq!(text.expect("a text"), "Espere un minuto e inténtelo de nuevo.");
    }

    #[test]
    fn functions_see_the_frame_from_within_macros() {
        let macros = "{% macro m(x) %}{{ x|money }} {{ frame.path }}{% endmacro %}{{ m(total) }}";
        assert_eq!(render("en", macros).expect("text"), "-€1,234.56 /invoices?q=a&amp;cursor=x");
    }

    #[test]
    fn links_are_built_from_names_and_queries() {
        let url = render("en", r#"{{ url("invoice", id="a/b", tab=none, page=2) }}"#);
        assert_eq!(url.expect("a link"), "/invoices/a%2Fb?page=2");
        let url = render("en", r#"{{ with_query(frame.path, cursor=none, sort="due") }}"#);
        assert_eq!(url.expect("a link"), "/invoices?q=a&amp;sort=due");
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_an_error() {
        for source in [
            "{{ absent }}",
            "{{ frame.absent }}",
            "{{ day|money }}",
            "{{ total|date }}",
            "{{ none|date }}",
            "{{ html|number }}",
            r#"{{ t("no-such-key") }}"#,
            r#"{{ t("error-reference-html") }}"#,
            r#"{{ url("nowhere") }}"#,
            r#"{{ url("invoice") }}"#,
            r#"{{ asset("css/absent.css") }}"#,
            r#"{{ icon_svg("../../Cargo") }}"#,
        ] {
            assert!(render("en", source).is_err(), "{source} was rendered");
        }
        let frame = Frame::new("en", BrandFrame::default(), day(2026, 1, 1));
        let shown = environment(false).render_named_str(
            "page.html",
            r#"{{ t("no-such-key") }}"#,
            context(&frame, Value::UNDEFINED),
        );
        assert_eq!(shown.expect("the key"), "no-such-key");
    }
}
