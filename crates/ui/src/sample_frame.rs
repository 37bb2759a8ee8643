//! What surrounds the samples of pages, in tests and where overrides are checked.

use jiff::civil::date;

use crate::{BrandFrame, Frame, NavItem, VisitorFrame};

/// The frame of samples: a brand and a signed-in visitor, both with names that need care.
#[must_use]
pub fn sample_frame(language: &str) -> Frame {
    let brand = BrandFrame {
        name: "Nordlicht & Söhne".to_owned(),
        home_url: "https://nordlicht.example/account".to_owned(),
        theme_css_url: "/brand/theme.css".to_owned(),
        footer: Some("Nordlicht & Söhne GmbH · Flensburg".to_owned()),
        support_url: Some("https://nordlicht.example/help".to_owned()),
        support_email: Some("help@nordlicht.example".to_owned()),
        ..BrandFrame::default()
    };
    Frame {
        visitor: Some(VisitorFrame::new(
            "Compañía <Ibérica> de Redes y Telecomunicaciones del Mediterráneo Occidental, S.A.",
            Some("نور الدين \"Nour\" O'Hara"),
            Some("nour@iberica.example"),
        )),
        nav: vec![
            NavItem {
                key: "overview",
                url: "/".to_owned(),
                icon: "layout-dashboard",
                active: false,
            },
            NavItem {
                key: "invoices",
                url: "/invoices".to_owned(),
                icon: "receipt-text",
                active: true,
            },
        ],
        csrf: "c2FtcGxl".to_owned(),
        path: "/invoices?status=open&q=%C3%A9".to_owned(),
        time_zone: "Europe/Madrid".to_owned(),
        ..Frame::new(language, brand, date(2026, 11, 21))
    }
}
