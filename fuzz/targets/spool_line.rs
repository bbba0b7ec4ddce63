//! A line of the spool: whatever stands in it, it is a record or a counted gap.
#![no_main]
#![allow(dead_code, reason = "the decoder's users are not here")]

#[path = "../../crates/recorder/src/decode.rs"]
mod decode;
#[path = "../../crates/recorder/src/json.rs"]
mod json;

libfuzzer_sys::fuzz_target!(|line: &[u8]| {
    let _record_or_gap = decode::line(line);
});
