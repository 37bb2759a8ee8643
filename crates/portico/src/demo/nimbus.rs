//! Nimbus Analytics: a software company that bills by seat and by event.

use super::company::{Company, Plan, Project, SampleCustomer};

pub static COMPANY: Company = Company {
    name: "Nimbus Analytics",
    legal_name: "Nimbus Analytics GmbH",
    email: "billing@nimbus.example",
    phone: "+49 30 5550 1420",
    address: ["Torstraße 140", "10119", "Berlin", "DE"],
    tax_id: ["eu_vat", "DE136695976"],
    time_zone: "Europe/Berlin",
    currency: "EUR",
    host: "localhost",
    accent: "#3452e1",
    language: "en",
    prefix: "NIM",
    tax: ("VAT", "19"),
    iban: "DE89 3704 0044 0532 0130 00",
    bic: "COBADEFFXXX",
    project: Some(Project { customer: 3, name: "Data warehouse project", price: "6000.00" }),
    plans: &[
        Plan {
            name: "Starter",
            price: "49.00",
            usage: ("Tracked events beyond the plan", "thousand", "0.40"),
            quota: ("Tracked events", "events", 500_000),
            feature: "Shared dashboards",
        },
        Plan {
            name: "Growth",
            price: "249.00",
            usage: ("Tracked events beyond the plan", "thousand", "0.25"),
            quota: ("Tracked events", "events", 5_000_000),
            feature: "Scheduled reports",
        },
        Plan {
            name: "Scale",
            price: "990.00",
            usage: ("Tracked events beyond the plan", "thousand", "0.12"),
            quota: ("Tracked events", "events", 50_000_000),
            feature: "Single sign-on",
        },
    ],
    customers: &[
        customer(
            [
                "Aurora Robotics",
                "Aurora Robotics B.V.",
                "Mila de Vries",
                "mila@aurora-robotics.example",
            ],
            ["EUR", "en"],
            ["Prinsengracht 263", "1016 GV", "Amsterdam", "NL"],
            ["eu_vat", "NL004495445B01"],
            2,
        ),
        customer(
            ["Cafés del Sur", "Cafés del Sur S.L.", "Lucía Fernández", "lucia@cafesdelsur.example"],
            ["EUR", "es"],
            ["Calle Sierpes 48", "41004", "Sevilla", "ES"],
            ["es_cif", "B58818501"],
            1,
        ),
        customer(
            [
                "Harbour & Finch",
                "Harbour & Finch Ltd",
                "Oliver Finch",
                "oliver@harbourfinch.example",
            ],
            ["GBP", "en"],
            ["22 Bishopsgate", "EC2N 4AJ", "London", "GB"],
            ["gb_vat", "GB980780684"],
            1,
        ),
        customer(
            [
                "Kestrel Freight",
                "Kestrel Freight Inc.",
                "Dana Whitfield",
                "dana@kestrelfreight.example",
            ],
            ["USD", "en"],
            ["350 Fifth Avenue", "10118", "New York", "US"],
            ["us_ein", "12-3456789"],
            2,
        ),
        customer(
            ["Mori Design", "株式会社森デザイン", "Mori Haruka", "haruka@moridesign.example"],
            ["JPY", "en"],
            ["1-1-2 Otemachi", "100-0004", "Tokyo", "JP"],
            ["", ""],
            0,
        ),
        customer(
            ["Al Noor Trading", "شركة النور للتجارة", "Yousef Al-Sabah", "yousef@alnoor.example"],
            ["KWD", "en"],
            ["Arabian Gulf Street 8", "15000", "Kuwait City", "KW"],
            ["", ""],
            1,
        ),
        customer(
            [
                "Papeterie Lumière",
                "Papeterie Lumière SARL",
                "Camille Roux",
                "camille@papeterie-lumiere.example",
            ],
            ["EUR", "en"],
            ["14 rue de Rivoli", "75004", "Paris", "FR"],
            ["eu_vat", "FR40303265045"],
            0,
        ),
        customer(
            ["Nordlys Energi", "Nordlys Energi AS", "Ingrid Solberg", "ingrid@nordlys.example"],
            ["NOK", "en"],
            ["Karl Johans gate 22", "0026", "Oslo", "NO"],
            ["", ""],
            1,
        ),
        customer(
            [
                "Taller Quetzal",
                "Taller Quetzal S.A. de C.V.",
                "Emilio Ortega",
                "emilio@tallerquetzal.example",
            ],
            ["MXN", "es"],
            ["Paseo de la Reforma 222", "06600", "Ciudad de México", "MX"],
            ["", ""],
            0,
        ),
        customer(
            [
                "Bright Path Schools",
                "Bright Path Schools Foundation",
                "Grace Okafor",
                "grace@brightpath.example",
            ],
            ["USD", "en"],
            ["1600 Amphitheatre Parkway", "94043", "Mountain View", "US"],
            ["us_ein", "98-7654321"],
            1,
        ),
        customer(
            ["Vesper Games", "Vesper Games Oy", "Aino Virtanen", "aino@vespergames.example"],
            ["EUR", "en"],
            ["Mannerheimintie 10", "00100", "Helsinki", "FI"],
            ["eu_vat", "FI20774740"],
            2,
        ),
        customer(
            ["Casa Botánica", "Casa Botánica S.L.U.", "Marta Ruiz", "marta@casabotanica.example"],
            ["EUR", "es"],
            ["Carrer de Mallorca 401", "08013", "Barcelona", "ES"],
            ["es_cif", "A58818501"],
            0,
        ),
        customer(
            [
                "Stellwerk Logistik",
                "Stellwerk Logistik GmbH & Co. KG",
                "Jonas Weber",
                "jonas@stellwerk.example",
            ],
            ["EUR", "en"],
            ["Hafenstraße 12", "20457", "Hamburg", "DE"],
            ["eu_vat", "DE129273398"],
            1,
        ),
        customer(
            [
                "Piccola Officina",
                "Piccola Officina S.r.l.",
                "Giulia Conti",
                "giulia@piccolaofficina.example",
            ],
            ["EUR", "en"],
            ["Via Dante 7", "20121", "Milano", "IT"],
            ["eu_vat", "IT00743110157"],
            0,
        ),
        customer(
            [
                "Summit Outfitters",
                "Summit Outfitters LLC",
                "Riley Chen",
                "riley@summitoutfitters.example",
            ],
            ["USD", "en"],
            ["700 Pine Street", "98101", "Seattle", "US"],
            ["", ""],
            0,
        ),
        customer(
            ["Fjord Insights", "Fjord Insights ApS", "Freja Lund", "freja@fjordinsights.example"],
            ["DKK", "en"],
            ["Nyhavn 17", "1051", "København", "DK"],
            ["eu_vat", "DK13585628"],
            1,
        ),
    ],
};

/// Names, currency and language, address, tax id, plan.
pub(super) const fn customer(
    names: [&'static str; 4],
    money: [&'static str; 2],
    address: [&'static str; 4],
    tax_id: [&'static str; 2],
    plan: usize,
) -> SampleCustomer {
    let [name, legal_name, person, email] = names;
    let [currency, language] = money;
    let [street, postal_code, city, country] = address;
    SampleCustomer {
        name,
        legal_name,
        person,
        email,
        currency,
        language,
        street,
        postal_code,
        city,
        country,
        tax_id,
        plan,
    }
}
