//! What is read out of pages.

use scraper::{Html, Selector};

/// The token of the page's forms; empty where it has none.
pub fn form_token(html: &str) -> String {
    let field = Selector::parse("input[name=csrf]").expect("a selector");
    let page = Html::parse_document(html);
    let token = page.select(&field).next().and_then(|input| input.attr("value"));
    token.unwrap_or_default().to_owned()
}

/// Where the page's links lead.
pub fn links(html: &str) -> Vec<String> {
    let link = Selector::parse("a[href]").expect("a selector");
    let page = Html::parse_document(html);
    page.select(&link).filter_map(|link| link.attr("href")).map(str::to_owned).collect()
}

/// Where the page's links lead and its forms are sent to.
pub fn links_and_targets(html: &str) -> Vec<String> {
    let all = Selector::parse("a[href], form[action]").expect("a selector");
    let page = Html::parse_document(html);
    let address =
        |it: scraper::ElementRef<'_>| it.attr("href").or(it.attr("action")).map(str::to_owned);
    page.select(&all).filter_map(address).collect()
}

/// The first link of a text that begins so.
pub fn link_in(text: &str, beginning: &str) -> Option<String> {
    let begin = text.find(beginning)?;
    let rest = &text[begin..];
    let end = rest.find(|c: char| c.is_whitespace() || "\"<>".contains(c)).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}
