//! The typed view of an exchange: any span that an agent can write has one or has none, and all of it can be asked.
#![no_main]
#![allow(dead_code, reason = "only the decoder's spans are wanted here")]

#[path = "../../crates/recorder/src/decode.rs"]
mod decode;
#[path = "../../crates/recorder/src/json.rs"]
mod json;

use decode::{Decoded, Record};
use model::Exchange;

libfuzzer_sys::fuzz_target!(|line: &[u8]| {
    let Ok(Decoded {
        record: Record::Span(span),
        ..
    }) = decode::line(line)
    else {
        return;
    };
    if let Some(exchange) = Exchange::from_span(&span) {
        let _path = exchange.path();
        let _query = exchange.query();
        let _status = exchange.status();
        let _duration = exchange.duration();
        let _type = exchange.request_header("content-type");
    }
});
