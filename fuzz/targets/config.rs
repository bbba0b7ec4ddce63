//! `flakescope.toml`: whatever stands in it, there are settings, and every mistake can be shown.
#![no_main]
#![allow(dead_code, reason = "the settings' users are not here")]

#[path = "../../crates/cli/src/config/mod.rs"]
mod config;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (_settings, mistakes) = config::parse("flakescope.toml".into(), text.to_owned());
    if let Some(mistakes) = mistakes {
        let _shown = mistakes.to_string();
    }
});
