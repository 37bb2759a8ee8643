//! Vouchers in the control panel, through the router.

use axum::http::StatusCode;
use portico_billing::permission::OperatorRole;

use crate::site::Site;
use crate::staff::Operator;

const BATCHES: &str = "/voucher-batches";
const FREE: &[(&str, &str)] = &[
    ("kind", "free"),
    ("series", "summer26"),
    ("count", "3"),
    ("currency", "EUR"),
    ("addition", "25.00"),
    ("note", "Spring fair"),
];

impl Operator<'_> {
    /// A batch of three; the answer is its address.
    async fn batch(&self) -> String {
        let made = self.post(&format!("{BATCHES}/new"), FREE).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        made.header("location").to_owned()
    }
}

#[tokio::test]
async fn a_batch_is_made_listed_and_shown() {
    let site = Site::new().await;
    let desk = Operator::of(&site, OperatorRole::Billing).await;
    assert!(desk.get(BATCHES).await.text.contains("No vouchers yet"));
    let batch = desk.batch().await;
    let list = desk.get(BATCHES).await;
    assert!(list.links().contains(&batch), "{:?}", list.links());
    for told in ["SUMMER26", "Spring fair", "€25.00", "Codes not downloaded"] {
        assert!(list.text.contains(told), "{told}");
    }
    let page = desk.get(&batch).await;
    for serial in ["SUMMER26-00001", "SUMMER26-00003"] {
        assert!(page.text.contains(serial), "{serial}");
    }
    for (looked_for, to) in [("summer26-2", "/vouchers/"), ("summer26", batch.as_str())] {
        let found = desk.get(&format!("{BATCHES}?q={looked_for}")).await;
        assert_eq!(found.status, StatusCode::SEE_OTHER, "{looked_for}");
        assert!(found.header("location").starts_with(to), "{}", found.header("location"));
    }
    let missed = desk.get(&format!("{BATCHES}?q=winter-1")).await;
    assert_eq!(missed.status, StatusCode::OK);
    assert_eq!(missed.attributes("[name=q]", "value"), ["winter-1"]);
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_batch() {
    let site = Site::new().await;
    let desk = Operator::of(&site, OperatorRole::Owner).await;
    desk.batch().await;
    let again = desk.post(&format!("{BATCHES}/new"), FREE).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.attributes("[aria-invalid=true]", "name"), ["series"]);
    assert_eq!(again.attributes("[name=series]", "value"), ["summer26"]);
    assert_eq!(site.noted("voucher_batch.created").await.len(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_batch_is_said_at_its_fields() {
    let site = Site::new().await;
    let desk = Operator::of(&site, OperatorRole::Owner).await;
    let fields = [
        ("kind", "multiplied"),
        ("series", "no blanks"),
        ("count", "10001"),
        ("currency", "EUR"),
        ("multiplier", "lots"),
        ("minimum", "0"),
        ("expires_at", "2026-11-01"),
    ];
    let answer = desk.post(&format!("{BATCHES}/new"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut faulty = answer.attributes("[aria-invalid=true]", "name");
    faulty.sort();
    assert_eq!(faulty, ["count", "expires_at", "minimum", "multiplier"]);
    assert_eq!(answer.attributes("[name=multiplier]", "value"), ["lots"]);
}

#[tokio::test]
async fn codes_are_downloaded_once() {
    let site = Site::new().await;
    let desk = Operator::of(&site, OperatorRole::Owner).await;
    let batch = desk.batch().await;
    let codes = format!("{batch}/codes");
    assert!(desk.get(&batch).await.links().contains(&codes));
    assert_eq!(desk.get(&codes).await.status, StatusCode::OK);
    let file = desk.post(&codes, &[]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text);
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.text.matches("SUMMER26-").count(), 3, "{}", file.text);
    let code = file.text.lines().last().expect("a line").rsplit(',').next().expect("a cell");
    for again in [desk.post(&codes, &[]).await, desk.get(&codes).await] {
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        assert_eq!(again.header("location"), batch);
        assert!(!again.text.contains(code.trim()));
    }
    let page = desk.get(&batch).await;
    assert!(!page.links().contains(&codes), "{:?}", page.links());
    assert_eq!(site.noted("voucher_batch.exported").await.len(), 1);
}

#[tokio::test]
async fn one_voucher_and_all_of_them_are_made_void() {
    let site = Site::new().await;
    let desk = Operator::of(&site, OperatorRole::Owner).await;
    let batch = desk.batch().await;
    let voucher = desk.get(&format!("{BATCHES}?q=SUMMER26-00002")).await;
    let voucher = voucher.header("location").to_owned();
    let void = format!("{voucher}/void");
    assert!(desk.get(&voucher).await.links().contains(&void));
    assert_eq!(desk.get(&void).await.status, StatusCode::OK);
    let gone = desk.post(&void, &[]).await;
    assert_eq!(gone.header("location"), voucher, "{}", gone.text);
    assert!(!desk.get(&voucher).await.links().contains(&void));
    let of_state = desk.get(&format!("{batch}?state=void")).await;
    assert!(of_state.text.contains("SUMMER26-00002") && !of_state.text.contains("SUMMER26-00001"));
    let all = format!("{batch}/void");
    assert_eq!(desk.get(&all).await.status, StatusCode::OK);
    let gone = desk.post(&all, &[]).await;
    assert_eq!(gone.header("location"), batch, "{}", gone.text);
    assert!(!desk.get(&batch).await.links().contains(&all));
}

#[tokio::test]
async fn who_may_not_edit_vouchers_looks_alone() {
    let site = Site::new().await;
    let owner = Operator::of(&site, OperatorRole::Owner).await;
    let batch = owner.batch().await;
    let desk = Operator::of(&site, OperatorRole::ReadOnly).await;
    let forms = [format!("{BATCHES}/new"), format!("{batch}/codes"), format!("{batch}/void")];
    for path in [BATCHES, &batch] {
        let page = desk.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let leads = page.links().into_iter().find(|link| forms.contains(link));
        assert_eq!(leads, None, "{path}");
    }
    for path in &forms {
        assert_eq!(desk.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(desk.post(path, FREE).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(site.noted("voucher_batch.exported").await.is_empty());
}
