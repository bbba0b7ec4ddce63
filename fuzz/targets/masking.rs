//! Masking any text: masking it again changes nothing, and a planted bearer token is gone.
#![no_main]

use std::sync::LazyLock;

use recorder::{Key, MaskRules, Masker};

const TOKEN: &str = "c2VjcmV0LXRva2VuLTAxMjM0NTY3ODk";

static MASKER: LazyLock<Masker> = LazyLock::new(|| {
    let key = Key::from_hex(&"0f".repeat(32)).expect("a key of 32 bytes");
    Masker::new(&MaskRules::default(), key).expect("the default rules are right")
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    let masked = MASKER.text(text);
    assert_eq!(MASKER.text(&masked), masked);
    let planted = MASKER.text(&format!("{text}\nAuthorization: Bearer {TOKEN}\n{text}"));
    assert!(text.contains(TOKEN) || !planted.contains(TOKEN));
});
