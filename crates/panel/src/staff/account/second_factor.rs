//! The own second factor: set up with a camera or by hand, switched off, its recovery codes.

use axum::http::StatusCode;
use portico_core::{Enrolment, StaffError, StaffRule};
use portico_core_api::FieldFault;
use portico_ui::{CheckedForm, FormState, Page, Sample, TextArgs};
use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};
use serde::{Deserialize, Serialize};

use super::super::answer::redirect;
use super::super::refusal::with_faults;
use super::super::{Answer, Staff, paths};

/// Setting it up.
#[derive(Debug, Clone, Serialize)]
pub struct EnrolPage {
    form: FormState,
    ticket: String,
    /// The seed in groups of four.
    secret: String,
    /// The address as a picture for cameras (SVG).
    picture: String,
    /// Whether nothing else is open before this is done.
    is_due: bool,
}

impl EnrolPage {
    fn new(form: FormState, enrolment: Enrolment, is_due: bool) -> Self {
        Self {
            form,
            secret: in_groups(&enrolment.secret),
            picture: picture(&enrolment.url),
            ticket: enrolment.ticket,
            is_due,
        }
    }
}

/// `ABCD EFGH …`: easier to type.
fn in_groups(secret: &str) -> String {
    let chars: Vec<char> = secret.chars().collect();
    chars.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// A QR code as SVG that can stand in a page. Black on white in every theme: that is what cameras
/// read. Where the text does not fit into one, the page shows the seed alone.
fn picture(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return String::new();
    };
    let drawn = code
        .render::<Color<'_>>()
        .min_dimensions(220, 220)
        .dark_color(Color("#000000"))
        .light_color(Color("#ffffff"))
        .build();
    drawn.split_once("?>").map_or(String::new(), |(_, svg)| svg.to_owned())
}

impl Page for EnrolPage {
    const TEMPLATE: &'static str = "panel/account/enrol.html";

    fn samples() -> Vec<Sample<Self>> {
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned();
        let url = format!("otpauth://totp/Northwind:ana%40northwind.example?secret={secret}");
        let enrolment =
            || Enrolment { ticket: "Zm9v".to_owned(), secret: secret.clone(), url: url.clone() };
        let wrong = FormState::new().with_fault("code", "fault-wrong-code", TextArgs::new());
        vec![
            Sample::new("offered", Self::new(FormState::new(), enrolment(), false)),
            Sample::new("due", Self::new(FormState::new(), enrolment(), true)),
            Sample::new("wrong", Self::new(wrong, enrolment(), false)),
        ]
    }
}

/// The recovery codes, shown once.
#[derive(Debug, Clone, Serialize)]
pub struct CodesPage {
    codes: Vec<String>,
}

impl Page for CodesPage {
    const TEMPLATE: &'static str = "panel/account/codes.html";

    fn samples() -> Vec<Sample<Self>> {
        let codes = (0..10).map(|number| format!("abcd-efgh-jkmn-pqr{number}")).collect();
        vec![Sample::new("typical", Self { codes })]
    }
}

/// What is asked for a password before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    /// Switching the second factor off.
    Off,
    /// New recovery codes.
    Codes,
}

/// The password, before something is done.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmPage {
    form: FormState,
    act: Act,
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "panel/account/confirm.html";

    fn samples() -> Vec<Sample<Self>> {
        let wrong =
            FormState::new().with_fault("password", "fault-wrong-password", TextArgs::new());
        vec![
            Sample::new("off", Self { form: FormState::new(), act: Act::Off }),
            Sample::new("codes", Self { form: wrong, act: Act::Codes }),
        ]
    }
}

/// GET: how it is set up; who has one goes back.
pub async fn show(staff: Staff) -> Answer {
    if staff.visit.has_totp {
        return Ok(redirect(paths::OWN_ACCOUNT));
    }
    let enrolment = staff.core().begin_second_factor(&staff.visit)?;
    let is_due = staff.visit.must_enrol();
    staff.page(&EnrolPage::new(FormState::new(), enrolment, is_due))
}

/// The fields.
#[derive(Deserialize)]
pub struct EnrolForm {
    ticket: String,
    code: String,
}

/// POST: the first code. The answer shows the recovery codes, which nobody sees again.
pub async fn save(staff: Staff, form: CheckedForm<EnrolForm>) -> Answer {
    let fields = form.into_inner();
    let (core, visit) = (staff.core(), &staff.visit);
    match core.confirm_second_factor(visit, &fields.ticket, &fields.code).await {
        Ok(codes) => {
            let mut staff = staff;
            staff.visit.has_totp = true;
            staff.page(&CodesPage { codes })
        }
        Err(StaffError::Invalid(faults)) => {
            let enrolment = core.resume_second_factor(visit, &fields.ticket)?;
            let form = with_faults(FormState::new(), &faults);
            let page = EnrolPage::new(form, enrolment, visit.must_enrol());
            staff.page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// The field.
#[derive(Deserialize)]
pub struct ConfirmForm {
    password: String,
}

/// GET: asks for the password before it is switched off.
pub async fn ask_off(staff: Staff) -> Answer {
    ask(&staff, Act::Off, StatusCode::OK, &[])
}

/// POST: switches it off.
pub async fn switch_off(staff: Staff, form: CheckedForm<ConfirmForm>) -> Answer {
    let fields = form.into_inner();
    let done =
        |kind: &str, key: &str| Ok(staff.here.redirect_with_notice(paths::OWN_ACCOUNT, kind, key));
    match staff.core().remove_second_factor(&staff.visit, &fields.password).await {
        Ok(()) => done("success", "notice-account-factor-off"),
        Err(StaffError::Rule(StaffRule::SecondFactorRequired)) => {
            done("danger", StaffRule::SecondFactorRequired.message_key())
        }
        Err(StaffError::Invalid(faults)) => {
            ask(&staff, Act::Off, StatusCode::UNPROCESSABLE_ENTITY, &faults)
        }
        Err(error) => Err(error.into()),
    }
}

/// GET: asks for the password before recovery codes are made anew.
pub async fn ask_codes(staff: Staff) -> Answer {
    ask(&staff, Act::Codes, StatusCode::OK, &[])
}

/// POST: makes recovery codes anew and shows them once.
pub async fn renew_codes(staff: Staff, form: CheckedForm<ConfirmForm>) -> Answer {
    let fields = form.into_inner();
    match staff.core().renew_recovery_codes(&staff.visit, &fields.password).await {
        Ok(codes) => staff.page(&CodesPage { codes }),
        Err(StaffError::Invalid(faults)) => {
            ask(&staff, Act::Codes, StatusCode::UNPROCESSABLE_ENTITY, &faults)
        }
        Err(error) => Err(error.into()),
    }
}

fn ask(staff: &Staff, act: Act, status: StatusCode, faults: &[FieldFault]) -> Answer {
    staff.page_with(status, &ConfirmPage { form: with_faults(FormState::new(), faults), act })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_can_stand_in_a_page() {
        let svg = picture("otpauth://totp/a?secret=JBSWY3DP");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style="), "the content security policy forbids styles: {svg}");
        assert_eq!(picture(&"x".repeat(5_000)), "");
    }
}
