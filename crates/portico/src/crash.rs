//! Ends the program where a test wants it: before or after any commit or request to a payment
//! provider (PAY-02). What is released has none of it.
//!
//! `PORTICO_TEST_CRASHES` names a folder. Points are counted from the moment in which there is a
//! file `at` in it, up to the number that stands there: at that one the program ends, as if it had
//! been killed. The file `passed` has a line for each.

use std::backtrace::Backtrace;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

const FOLDER: &str = "PORTICO_TEST_CRASHES";
/// Callers that are named, at most.
const CALLERS: usize = 4;

struct Walk {
    folder: PathBuf,
    passed: Mutex<u32>,
}

static WALK: OnceLock<Walk> = OnceLock::new();

/// Gets ready, where a test wants it.
#[expect(clippy::disallowed_methods, reason = "a switch of the tests, no configuration")]
pub fn get_ready() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    WALK.get_or_init(|| Walk { folder: folder.into(), passed: Mutex::default() });
    portico_store::crash::call_at_each_point(pass);
    portico_gateways::crash::call_at_each_point(pass);
}

fn pass(point: &'static str) {
    let Some(Walk { folder, passed }) = WALK.get() else { return };
    let mut passed = passed.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = fs::read_to_string(folder.join("at")).ok();
    let Some(last) = wanted.and_then(|text| text.trim().parse::<u32>().ok()) else {
        *passed = 0;
        return;
    };
    *passed += 1;
    let is_last = *passed >= last;
    let file = OpenOptions::new().append(true).create(true).open(folder.join("passed"));
    let noted = file.and_then(|mut file| {
        write!(file, "{passed} {point} ")?;
        // Finding out takes a moment, and is worth it once. Whoever waits sees the line already.
        let callers = if is_last { callers() } else { String::new() };
        writeln!(file, "{callers}")
    });
    if is_last {
        if let Err(error) = noted {
            tracing::error!(%error, "the point cannot be noted");
        }
        std::process::abort();
    }
}

/// The use cases that lead here, the innermost first.
fn callers() -> String {
    let trace = Backtrace::force_capture().to_string();
    let names = trace.lines().filter_map(|line| {
        let (_, name) = line.split_once("portico_core::")?;
        Some(name.trim_end_matches("::{{closure}}").to_owned())
    });
    let mut names: Vec<String> = names.collect();
    names.dedup();
    names.truncate(CALLERS);
    names.join(" < ")
}
