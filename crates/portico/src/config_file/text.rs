//! The file as text: TOML, in an order that stays.

use portico_core::configuration::Configuration;
use toml::de::{DeTable, DeValue};

/// What the file begins with.
const HEAD: &str = "\
# Configuration of an organisation in Portico, for `portico config apply`.
#
# A table that is left out stays as it is; in one that is there, what is left out has its default.
# Secrets are not in here: the password of a mail server stays as it is, or is read elsewhere by
#     password_from = { env = \"NAME\" }    or    password_from = { file = \"/path\" }
# and so do secrets of a gateway, each by its key:
#     settings_from = { secret_key = { env = \"NAME\" } }

";

/// Writes the file.
pub fn write(configuration: &Configuration) -> anyhow::Result<String> {
    Ok(format!("{HEAD}{}", toml::to_string_pretty(configuration)?))
}

/// Reads the file. What is unknown is refused, with its line.
pub fn read(text: &str) -> Result<Configuration, toml::de::Error> {
    toml::from_str(text)
}

/// The line, from 1, that the value at `path` begins in, or as much of the path as there is.
pub fn line_of(text: &str, path: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let at = within(table.get_ref(), path)?;
    Some(text.get(..at)?.matches('\n').count() + 1)
}

/// Where the value is. Keys may have dots in them.
fn within(table: &DeTable<'_>, path: &str) -> Option<usize> {
    table.iter().find_map(|(key, value)| {
        let rest = below(path, key.get_ref())?;
        // A table that is made of its parts has no place of its own; its key has.
        Some(deeper(value.get_ref(), rest).unwrap_or(key.span().start))
    })
}

fn deeper(value: &DeValue<'_>, path: &str) -> Option<usize> {
    match value {
        DeValue::Table(table) => within(table, path),
        DeValue::Array(values) => {
            let (index, rest) = path.split_once('.').unwrap_or((path, ""));
            let item = values.get(index.parse::<usize>().ok()?)?;
            Some(deeper(item.get_ref(), rest).unwrap_or(item.span().start))
        }
        _ => None,
    }
}

/// What follows the key in the path.
fn below<'a>(path: &'a str, key: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(key)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

#[cfg(test)]
mod tests {
    use portico_core::configuration::{
        BrandEntry, GatewayEntry, MailEntry, OrganisationEntry, SmtpEntry,
    };
    use portico_core::gateways::Settings;
    use portico_core::looks::{LegalLinkInput, LooksInput};
    use proptest::prelude::*;

    use super::*;

    const FILE: &str = "\
format = 1
[organisation]
name = \"Acme\"
[[brands]]
name = \"One\"
[[brands]]
name = \"Two\"
domains = [
  \"a.test\",
  \"b.test\",
]
[brands.looks]
accent = \"red\"
[files]
\"logo.png\" = \"\"
";

    fn configuration(text: &str, key: &str) -> Configuration {
        let text = text.to_owned();
        let brand: BrandEntry = toml::from_str("name = \"Acme\"").expect("a brand");
        let mail = MailEntry { subject: text.clone(), body: text.clone() };
        let nested = |key: &str, it| [(key.to_owned(), it)].into();
        let brand = BrandEntry {
            name: text.clone(),
            default: true,
            domains: Some(vec![text.clone(), "b".to_owned()]),
            home_url: Some(text.clone()),
            sign_up: Some(Default::default()),
            report_columns: Some(Default::default()),
            paying: Some(Default::default()),
            looks: Some(LooksInput {
                footer: Some(text.clone()),
                legal_links: vec![
                    LegalLinkInput { label: text.clone(), url: text.clone() },
                    LegalLinkInput { label: text.clone(), url: text.clone() },
                ],
                css: text.clone(),
                script: text.clone(),
                ..LooksInput::default()
            }),
            smtp: Some(SmtpEntry { server: Some(text.clone()), ..SmtpEntry::default() }),
            mail_templates: Some([(key.to_owned(), nested("en", mail))].into()),
            texts: Some([("en".to_owned(), [(key.to_owned(), text.clone())].into())].into()),
            ..brand
        };
        let empty: BrandEntry =
            toml::from_str("name = \"B\"\nsmtp = {}\nmail_templates = {}\ntexts = {}\n[looks]\n")
                .expect("a brand");
        let gateway: GatewayEntry = toml::from_str(
            "provider = \"stripe\"\nname = \"A\"\n[[currencies]]\ncurrency = \"EUR\"\n\
             surcharge_percent = \"2.5\"\n[[currencies]]\ncurrency = \"JPY\"\n",
        )
        .expect("a gateway");
        let gateway = GatewayEntry {
            name: text.clone(),
            brand: Some(text.clone()),
            position: Some(7),
            settings: Settings::new([(key.to_owned(), text.clone())]),
            ..gateway
        };
        let bare = toml::from_str("provider = \"x\"\nname = \"B\"\n").expect("a gateway");
        Configuration {
            format: 1,
            organisation: Some(OrganisationEntry { name: text.clone(), ..Default::default() }),
            brands: Some(vec![brand, empty]),
            gateways: Some(vec![gateway, bare]),
            files: Some([(key.to_owned(), text)].into()),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(
            text in "(\\PC|[\n\t'\"\\\\{}$#\u{1}])*",
            key in "\\PC+",
        ) {
            let whole = configuration(&text, &key);
            let written = write(&whole).expect("a file");
            prop_assert_eq!(&read(&written).expect("read"), &whole, "{}", written);
            prop_assert_eq!(write(&whole).expect("a file"), written);
        }
    }

    #[test]
    fn a_value_is_found_by_its_path() {
        for (path, line) in [
            ("format", 1),
            ("organisation.name", 3),
            ("organisation.time_zone", 2),
            ("brands.0.name", 5),
            ("brands.1.domains", 8),
            ("brands.1.domains.1", 10),
            ("brands.1.looks.accent", 13),
            ("brands.1.looks.radius_px", 12),
            ("files.logo.png", 15),
        ] {
            assert_eq!(line_of(FILE, path), Some(line), "{path}");
        }
        assert_eq!(line_of(FILE, "operators"), None);
    }

    #[test]
    fn what_is_unknown_is_refused_with_its_line() {
        for (text, line, word) in [
            ("format = 1\n[organisation]\nnmae = \"x\"\n", "line 3", "unknown field `nmae`"),
            ("format = 1\n\n[[brands]]\nname = \"x\"\n[brands.look]\n", "line 5", "look"),
            ("format = 1\nfiles = []\n", "line 2", "invalid type"),
            ("format = 1\nformat = 1\n", "line 2", "duplicate"),
            ("[[brands]]\nname = \"x\"\n[brands.smtp]\nport = 70000\n", "line 4", "70000"),
            ("brands = [", "line 1", "array"),
        ] {
            let error = read(text).expect_err("refused").to_string();
            assert!(error.contains(line) && error.contains(word), "{error}");
        }
        assert!(read("").expect_err("refused").to_string().contains("format"));
        let deep = format!("format = {}1", "[".repeat(100_000));
        assert!(read(&deep).is_err());
    }
}
