//! Every text in every language, with the same arguments, and every key that is used exists.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::Complaint;
use super::tree::File;

/// Message key, and the names of its arguments.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Checks the texts of all languages against English.
pub fn check(tree: &[File], complaints: &mut Vec<Complaint>) -> anyhow::Result<()> {
    let mut languages: BTreeMap<&str, Messages> = BTreeMap::new();
    for file in tree.iter().filter(|file| file.is("locales/", ".ftl")) {
        let language = file.path.split('/').nth(1).unwrap_or_default();
        let messages = languages.entry(language).or_default();
        for (key, arguments) in read(file)? {
            if messages.insert(key.clone(), arguments).is_some() {
                complaints.push(Complaint::new(&file.path, format!("repeats {key}"), ""));
            }
        }
    }
    let Some(english) = languages.get("en").cloned() else { return Ok(()) };
    for (language, messages) in &languages {
        let place = format!("locales/{language}");
        for (key, arguments) in &english {
            match messages.get(key) {
                None => complaints.push(Complaint::new(&place, format!("lacks {key}"), "")),
                Some(other) if other != arguments => {
                    let what = format!("has other arguments in {key}");
                    complaints.push(Complaint::new(&place, what, format!("{other:?}")));
                }
                Some(_) => {}
            }
        }
        for key in messages.keys().filter(|key| !english.contains_key(*key)) {
            complaints.push(Complaint::new(&place, format!("has {key}, English has not"), ""));
        }
    }
    used(tree, &english, complaints);
    Ok(())
}

fn read(file: &File) -> anyhow::Result<Messages> {
    let resource = fluent_syntax::parser::parse(file.text.as_str())
        .map_err(|(_, errors)| anyhow!("{}: {:?}", file.path, errors.first()))?;
    let mut messages = Messages::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let mut arguments = BTreeSet::new();
            if let Some(pattern) = &message.value {
                collect(pattern, &mut arguments);
            }
            messages.insert(message.id.name.to_owned(), arguments);
        }
    }
    Ok(messages)
}

fn collect(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => argument(inline, arguments),
            Expression::Select { selector, variants } => {
                argument(selector, arguments);
                for variant in variants {
                    collect(&variant.value, arguments);
                }
            }
        }
    }
}

fn argument(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments: call, .. } => {
            for inline in &call.positional {
                argument(inline, arguments);
            }
        }
        _ => {}
    }
}

/// Keys in templates: `t("key"` and `t('key'`.
fn used(tree: &[File], english: &Messages, complaints: &mut Vec<Complaint>) {
    let written = |file: &&File| [".html", ".txt"].iter().any(|end| file.is("templates/", end));
    for file in tree.iter().filter(written) {
        let text = super::templates::remove_between(&file.text, "{#", "#}");
        for quote in ['"', '\''] {
            for key in keys(&text, quote) {
                if !key.contains('/') && !key.is_empty() && !english.contains_key(key) {
                    let what = format!("uses the text {key}, which does not exist");
                    complaints.push(Complaint::new(&file.path, what, ""));
                }
            }
        }
    }
}

fn keys(text: &str, quote: char) -> Vec<&str> {
    let call = format!("t({quote}");
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(call.as_str()) {
        let (key, behind) = after.split_once(quote).unwrap_or((after, ""));
        // `select("` ends like a call of `t` and is none.
        let whole_word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        // `t("status-" ~ state)` is made at run time; the samples of the pages check it.
        let made = behind.trim_start().starts_with('~');
        if whole_word && !made {
            keys.push(key);
        }
        rest = after;
    }
    keys
}
