//! Rendering with a template that somebody else wrote: so many steps, so much text, so long.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use minijinja::{Environment, Error, ErrorKind, Value};

use super::OverrideFault;

/// Steps of the engine. A shipped page takes some thousands.
pub const FUEL: u64 = 1_000_000;
/// Longest text.
const MAX_OUTPUT: usize = 2 * 1024 * 1024;
/// Longest time; a page takes about a millisecond.
const MAX_TIME: Duration = Duration::from_secs(2);

/// Why a template failed, and whether it would fail again whatever the data.
pub struct Failure {
    pub fault: OverrideFault,
    pub is_lasting: bool,
}

/// Collects the text of a page, and stops where it grows too long or takes too long.
struct Sheet {
    text: Vec<u8>,
    until: Instant,
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::other("the page has more than 2 MB"));
        }
        if Instant::now() > self.until {
            return Err(io::Error::other("the page took more than two seconds"));
        }
        self.text.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Renders within bounds.
pub fn render(
    environment: &Environment<'_>,
    template: &str,
    context: Value,
) -> Result<String, Failure> {
    let mut sheet = Sheet { text: Vec::new(), until: Instant::now() + MAX_TIME };
    let page = environment.get_template(template);
    let rendered = page.and_then(|page| page.render_captured_to(context, &mut sheet).map(|_| ()));
    rendered.map_err(|error| failure(&error, template))?;
    String::from_utf8(sheet.text).map_err(|_| Failure {
        fault: OverrideFault::of_file(template, "the page is not UTF-8"),
        is_lasting: false,
    })
}

/// The innermost cause that has a place, which is where the mistake is.
pub fn failure(error: &Error, template: &str) -> Failure {
    let mut place = (template.to_owned(), None);
    let mut reasons = Vec::new();
    let mut is_lasting = false;
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        if let Some(cause) = cause.downcast_ref::<Error>() {
            reasons.push(cause.kind().to_string());
            reasons.extend(cause.detail().map(str::to_owned));
            is_lasting |= matches!(
                cause.kind(),
                ErrorKind::SyntaxError | ErrorKind::OutOfFuel | ErrorKind::WriteFailure
            );
            if let (Some(name), Some(line)) = (cause.name(), cause.line()) {
                place = (name.to_owned(), Some(line));
            }
        } else {
            reasons.push(cause.to_string());
        }
        next = cause.source();
    }
    let (file, line) = place;
    let fault = OverrideFault { brand: None, file, line, reason: reasons.join(": ") };
    Failure { fault, is_lasting }
}
