//! Many requests at once, of everybody to everywhere, in an order that nobody chose: none gets what
//! is another one's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{Method, StatusCode};
use portico_core::Entropy;
use portico_testkit::TestDatabase;

use super::holder::Holder;
use super::{World, has_id, signed_in_routes};

const REQUESTS: usize = 10_000;
const AT_ONCE: usize = 16;

/// Pages that make much of little: the others are asked for now and then.
const QUICK: [&str; 7] = [
    "/profile",
    "/sign-in",
    "/security",
    "/payment-methods",
    "/invoices/x.css",
    "/nowhere",
    "/contracts",
];

/// What is asked, by whom, and where.
struct Wish<'a> {
    /// Whose cookie is sent; nobody's where there is none.
    holder: Option<&'a Holder>,
    host: &'static str,
    path: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_02_of_ten_thousand_requests_at_once_none_is_answered_with_anothers_page() {
    let world = Arc::new(World::on(TestDatabase::sqlite().await).await);
    let asked = Arc::new(AtomicUsize::new(0));
    let mut visitors = tokio::task::JoinSet::new();
    for number in 0..AT_ONCE {
        let (world, asked) = (Arc::clone(&world), Arc::clone(&asked));
        visitors.spawn(async move {
            let seed = u8::try_from(number).expect("few");
            let dice = Dice(Entropy::from_seed([seed; 32]));
            let mut served = 0;
            while asked.fetch_add(1, Ordering::Relaxed) < REQUESTS {
                served += usize::from(visit(&world, &dice.wish(&world)).await);
            }
            served
        });
    }
    let served: usize = visitors.join_all().await.into_iter().sum();
    assert!(served > REQUESTS / 20, "only {served} were answered with a page");
}

/// Asks, and looks whether the answer is for whom it is. Whether there was something to see.
async fn visit(world: &World, wish: &Wish<'_>) -> bool {
    let cookie = wish.holder.map_or("", |holder| &holder.session.cookie);
    let ask = world.site.ask(Method::GET, wish.host, &wish.path).cookie(cookie);
    let answer = ask.send().await;
    let reader = wish.holder.filter(|holder| holder.place.host == wish.host);
    let what = format!(
        "{} at {} for {}",
        wish.path,
        wish.host,
        wish.holder.map_or("nobody", |holder| &holder.canary),
    );
    world.assert_private(&answer, reader, &what);
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.status);
    let text = answer.text();
    for place in [world.site.north, world.site.south, world.site.rival_place] {
        let is_here = place.host == wish.host;
        assert!(is_here || !text.contains(place.host), "{what} is a page of {}", place.host);
    }
    let is_of_brand = wish.path.starts_with("/brand/");
    if answer.status.is_success() && !is_of_brand {
        assert_eq!(answer.header("cache-control"), "no-store", "{what} may be kept");
    }
    let own = reader.is_some() && answer.status.is_success() && answer.is_page();
    if let (true, Some(reader)) = (own && wish.path == "/profile", reader) {
        assert!(text.contains(&reader.email), "{what} is not the reader's");
    }
    let is_unknown = answer.status == StatusCode::MISDIRECTED_REQUEST;
    assert_eq!(is_unknown, wish.host == "evil.example", "{what}");
    own
}

/// Chance that is the same each time.
struct Dice(Entropy);

impl Dice {
    fn below(&self, end: usize) -> usize {
        let bytes: [u8; 4] = self.0.bytes();
        usize::try_from(u32::from_be_bytes(bytes)).expect("small") % end
    }

    /// Pages are dear to make: mostly somebody without a session, who gets none; else somebody at
    /// home, with a session of another host, or at a stranger's host.
    fn wish<'a>(&self, world: &'a World) -> Wish<'a> {
        let everybody = world.everybody();
        let somebody = everybody[self.below(everybody.len())];
        let other = everybody[self.below(everybody.len())].place.host;
        let holder = Some(somebody);
        match self.below(20) {
            0..3 => Wish { holder, host: somebody.place.host, path: self.path(world) },
            3 => Wish { holder, host: other, path: self.path(world) },
            4 => Wish { holder, host: "evil.example", path: self.path(world) },
            5..9 => Wish { holder, host: other, path: "/brand/theme.css".to_owned() },
            _ => Wish { holder: None, host: other, path: self.path_of_session(world) },
        }
    }

    fn path(&self, world: &World) -> String {
        if self.below(8) > 0 {
            return QUICK[self.below(QUICK.len())].to_owned();
        }
        self.path_of_session(world)
    }

    /// What only those with a session get.
    fn path_of_session(&self, world: &World) -> String {
        let mut routes = signed_in_routes();
        let is_slow =
            |path: &str| ["pdf", "receipt", ".xlsx"].iter().any(|end| path.ends_with(end));
        routes.retain(|route| route.method == "GET" && !is_slow(route.path));
        let route = &routes[self.below(routes.len())];
        let of = [&world.ana, &world.ben, &world.cleo, &world.dora][self.below(4)];
        match has_id(route) {
            true => route.path.replace("{id}", of.id(route.path)),
            false => route.path.to_owned(),
        }
    }
}
