//! Which brand of the organisation an entry of the file is about.

use portico_billing::{BrandId, brand};

use super::document::BrandEntry;
use super::faults::Faults;
use super::snapshot::KnownBrand;

/// The brand of each entry; nothing for one that is new.
pub(super) fn matched(
    entries: &[BrandEntry],
    known: &[KnownBrand],
    faults: &mut Faults,
) -> Vec<Option<BrandId>> {
    let mut found: Vec<Option<BrandId>> =
        entries.iter().enumerate().map(|it| by_domain(it, known, faults)).collect();
    for (index, entry) in entries.iter().enumerate() {
        if found[index].is_none() {
            let free =
                |it: &&KnownBrand| it.name == entry.name.trim() && !found.contains(&Some(it.id));
            let mut named = known.iter().filter(free);
            match (named.next(), named.next()) {
                (Some(_), Some(_)) => {
                    let message = "several brands have this name; say which by its domains";
                    faults.at(&format!("brands.{index}.name"), message);
                }
                (one, _) => found[index] = one.map(|it| it.id),
            }
        }
        if found[..index].iter().any(|earlier| earlier.is_some() && *earlier == found[index]) {
            let message = "is the brand of an earlier entry";
            faults.at(&format!("brands.{index}.name"), message);
        }
    }
    found
}

fn by_domain(
    (index, entry): (usize, &BrandEntry),
    known: &[KnownBrand],
    faults: &mut Faults,
) -> Option<BrandId> {
    let hosts: Vec<String> =
        entry.domains.iter().flatten().filter_map(|host| brand::host(host.trim())).collect();
    let mut owners = known.iter().filter(|it| it.hosts.iter().any(|host| hosts.contains(host)));
    let (first, second) = (owners.next(), owners.next());
    let Some(second) = second else { return first.map(|it| it.id) };
    // A domain moves from one brand to another: the name says which of them is meant.
    let all = first.into_iter().chain([second]).chain(owners);
    let named: Vec<&KnownBrand> = all.filter(|it| it.name == entry.name.trim()).collect();
    if let [one] = named[..] {
        return Some(one.id);
    }
    let message = "are those of several brands; a brand takes domains of others under its own name";
    faults.at(&format!("brands.{index}.domains"), message);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str, hosts: &[&str], last: u8) -> KnownBrand {
        KnownBrand {
            id: BrandId::new(jiff::Timestamp::UNIX_EPOCH, [last; 10]),
            name: name.to_owned(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        }
    }

    fn entry(name: &str, domains: &[&str]) -> BrandEntry {
        let domains: Vec<&str> = domains.to_vec();
        let value = serde_json::json!({ "name": name, "domains": domains });
        serde_json::from_value(value).expect("an entry")
    }

    #[test]
    fn a_brand_is_known_by_its_domains_then_by_its_name() {
        let brands = [
            known("Acme", &["a.test"], 1),
            known("Twin", &["t.test"], 2),
            known("Twin", &[], 3),
            known("Solo", &["s.test"], 4),
        ];
        let [acme, twin, other, solo] = &brands;
        for (entries, expected) in [
            (vec![entry("Renamed", &["A.test", "new.test"])], vec![Some(acme.id)]),
            (vec![entry("Solo", &["moved.test"])], vec![Some(solo.id)]),
            (vec![entry("Unknown", &[])], vec![None]),
            (
                vec![entry("Twin", &["t.test"]), entry("Twin", &[])],
                vec![Some(twin.id), Some(other.id)],
            ),
            (vec![entry("Acme", &["a.test", "s.test"])], vec![Some(acme.id)]),
        ] {
            let mut faults = Faults::default();
            assert_eq!(matched(&entries, &brands, &mut faults), expected);
            assert!(faults.refuse_any().is_ok(), "{entries:?}");
        }
        for entries in [
            vec![entry("Twin", &[])],
            vec![entry("Neither", &["a.test", "s.test"])],
            vec![entry("One", &["a.test"]), entry("Two", &["a.test"])],
        ] {
            let mut faults = Faults::default();
            matched(&entries, &brands, &mut faults);
            assert!(faults.refuse_any().is_err(), "{entries:?}");
        }
    }
}
