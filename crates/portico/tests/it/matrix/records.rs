//! Records: whose they are decides who sees them, and nobody can tell what is not theirs from what
//! does not exist.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use portico_portal::Route;
use portico_testkit::both_engines;

use super::holder::Holder;
use super::site::{Answer, Session, reads_pdfs};
use super::{World, fields, has_id, signed_in_routes};

both_engines! {
    async fn az_01_records_are_their_owners_alone(db: TestDatabase) {
        let world = World::on(db).await;
        let mut routes = signed_in_routes();
        routes.retain(has_id);
        for route in &routes {
            refuse_all_but_the_owner(&world, route).await;
        }
        // What was refused has changed nothing: everybody still is where they were.
        for holder in world.everybody() {
            let answer = world.site.get(&holder.session, "/security").await;
            assert_eq!(answer.status, StatusCode::OK, "{}", holder.canary);
        }
        for route in &routes {
            open_to_the_owner(&world, route).await;
        }
    }

    async fn az_02_pages_hold_nothing_of_others(db: TestDatabase) {
        let world = World::on(db).await;
        for route in signed_in_routes() {
            if route.method != "GET" || has_id(&route) {
                continue;
            }
            for holder in world.everybody() {
                let answer = world.site.get(&holder.session, route.path).await;
                let what = format!("{} for {}", route.path, holder.canary);
                // There is nothing to choose for who has one account.
                if route.path == "/accounts" {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}");
                    continue;
                }
                assert_eq!(answer.status, StatusCode::OK, "{what}");
                world.assert_private(&answer, Some(holder), &what);
                // Tables of a customer without records are empty; pages greet by name.
                let unread = answer.header("content-type").contains("pdf") && !reads_pdfs();
                let shows_own = unread || answer.text().contains(&holder.canary);
                let is_emil = holder.canary == world.emil.canary;
                assert!(shows_own || is_emil && !answer.is_page(), "{what} shows nothing");
            }
        }
    }

    async fn az_01_documents_hold_nothing_of_others(db: TestDatabase) {
        let world = World::on(db).await;
        let reads_pdfs = reads_pdfs();
        let mut kinds = BTreeSet::new();
        for owner in [&world.ana, &world.ben, &world.cleo, &world.dora] {
            let mut documents = Vec::new();
            for route in signed_in_routes() {
                // A way back and a word about a payment are no documents.
                let is_other = route.path == "/accounts" || route.path.starts_with("/pay/{id}/");
                if route.method == "GET" && !is_other {
                    let id = if has_id(&route) { owner.id(route.path) } else { "" };
                    documents.push((route.path, ask(&world, &owner.session, &route, id).await));
                }
            }
            let ids = [("id", owner.id("/invoices"))];
            let archive = world.site.post(&owner.session, "/invoices/archive", &ids).await;
            documents.push(("/invoices/archive", archive));
            for (path, document) in documents.iter().filter(|(_, it)| !it.is_page()) {
                let what = format!("{path} for {}", owner.canary);
                assert_eq!(document.status, StatusCode::OK, "{what}");
                world.assert_private(document, Some(owner), &what);
                let kind = document.header("content-type");
                kinds.insert(kind.split(';').next().unwrap_or_default().to_owned());
                if reads_pdfs && path.starts_with("/invoices/{id}") {
                    assert!(document.text().contains(&owner.organisation), "{what} has no seller");
                }
                if reads_pdfs || !kind.contains("pdf") && !kind.contains("zip") {
                    assert!(document.text().contains(&owner.canary), "{what} shows nothing");
                }
            }
        }
        let workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        assert!(
            kinds.iter().eq(["application/pdf", workbook, "application/zip", "text/csv"]),
            "{kinds:?}"
        );
    }

    async fn az_03_foreign_ids_in_forms_are_refused(db: TestDatabase) {
        let world = World::on(db).await;
        let own = world.ana.id("/invoices");
        let absent = absent(own);
        let archive = |ids: Vec<String>| {
            let world = &world;
            async move {
                let ids: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
                world.site.post(&world.ana.session, "/invoices/archive", &ids).await
            }
        };
        let expected = archive(vec![absent.clone()]).await;
        assert_eq!(expected.status, StatusCode::NOT_FOUND);
        for stranger in [&world.ben, &world.cleo, &world.dora] {
            let foreign = stranger.id("/invoices").to_owned();
            for ids in [vec![foreign.clone()], vec![own.to_owned(), foreign]] {
                let answer = archive(ids).await;
                assert_eq!(answer.status, expected.status);
                assert_eq!(answer.text(), expected.text());
            }
        }
        assert_eq!(archive(vec![own.to_owned()]).await.status, StatusCode::OK);
    }

    async fn az_02_filters_find_nothing_of_others(db: TestDatabase) {
        let world = World::on(db).await;
        for route in signed_in_routes() {
            if route.method != "GET" || has_id(&route) {
                continue;
            }
            let path = format!("{}?q=canary&query=canary&search=canary", route.path);
            let answer = world.site.get(&world.emil.session, &path).await;
            world.assert_private(&answer, Some(&world.emil), &path);
        }
    }
}

/// Strangers get the very answer that an id which does not exist gets.
async fn refuse_all_but_the_owner(world: &World, route: &Route) {
    let reader = &world.ana;
    let own = reader.id(route.path);
    let missing = ask(world, &reader.session, route, &absent(own)).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND, "{} {}", route.method, route.path);
    let expected = without_id(&missing, &absent(own));
    let uuid = |holder: &Holder| holder.id(route.path).rsplit('_').next().map(str::to_owned);
    // Neither the external id nor what is no id at all is told apart.
    let external = format!("c-2-{}", route.path.split('/').nth(1).unwrap_or_default());
    let mut ids = vec![external, "no-such-thing".to_owned(), uuid::Uuid::nil().to_string()];
    for stranger in [&world.ben, &world.cleo, &world.dora] {
        ids.push(stranger.id(route.path).to_owned());
        ids.extend(uuid(stranger));
    }
    for id in ids {
        let answer = ask(world, &reader.session, route, &id).await;
        let what = format!("{} {} with {id}", route.method, route.path);
        assert_eq!(answer.status, missing.status, "{what}");
        assert_eq!(without_id(&answer, &id), expected, "{what} is told from absent");
        world.assert_private(&answer, Some(reader), &what);
    }
}

async fn open_to_the_owner(world: &World, route: &Route) {
    for owner in [&world.ana, &world.dora] {
        let answer = ask(world, &owner.session, route, owner.id(route.path)).await;
        let what = format!("{} {} for {}", route.method, route.path, owner.canary);
        let leads_on = route.path.ends_with("/return") || route.path.ends_with("/cancel");
        let is_page = route.method == "GET" && !leads_on;
        let expected = if is_page { StatusCode::OK } else { StatusCode::SEE_OTHER };
        assert_eq!(answer.status, expected, "{what}");
        world.assert_private(&answer, Some(owner), &what);
        // The sandbox plays a provider: it knows no names.
        if route.path == "/sandbox/{id}" || route.path.starts_with("/pay/{id}/") {
            continue;
        }
        if answer.is_page() {
            assert!(answer.text().contains(&owner.canary), "{what} shows nothing");
        } else if route.method == "GET" {
            assert!(answer.bytes.starts_with(b"%PDF-"), "{what} is no document");
        }
    }
}

async fn ask(world: &World, session: &Session, route: &Route, id: &str) -> Answer {
    let path = route.path.replace("{id}", id);
    if route.method == "GET" {
        return world.site.get(session, &path).await;
    }
    let fields = fields(route.path, &world.ana);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, it)| (*name, it.as_str())).collect();
    assert_eq!(route.method, Method::POST.as_str());
    world.site.post(session, &path, &fields).await
}

/// An id of the same form that nobody has.
fn absent(id: &str) -> String {
    let (head, last) = id.split_at(id.len() - 1);
    format!("{head}{}", if last == "0" { "1" } else { "0" })
}

/// The answer's page as it would be for any id: the address is on it, for the way back.
fn without_id(answer: &Answer, id: &str) -> String {
    answer.text().replace(id, "{id}")
}
