//! Documents as their readers get them.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests fail like tests do")]
#![expect(clippy::inconsistent_digit_grouping, reason = "the last group of an amount is cents")]

mod einvoice;
mod odd_pictures;
mod pdf;
mod picture;
mod picture_files;
mod samples;
mod statement;
