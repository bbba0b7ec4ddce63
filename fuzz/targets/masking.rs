//! Masking any text: masking it again changes nothing, a planted bearer token is gone, and so is a password that the run
//! has shown.
#![no_main]

use std::sync::LazyLock;

use recorder::{Key, MaskRules, Masker};

const TOKEN: &str = "c2VjcmV0LXRva2VuLTAxMjM0NTY3ODk";

static MASKER: LazyLock<Masker> = LazyLock::new(|| {
    let key = Key::from_hex(&"0f".repeat(32)).expect("a key of 32 bytes");
    Masker::new(&MaskRules::default(), key).expect("the default rules are right")
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    // What one input shows must not change what another one gives.
    let masker = MASKER.for_run();
    let masked = masker.text(text);
    assert_eq!(masker.text(&masked), masked);
    let planted = masker.text(&format!("{text}\nAuthorization: Bearer {TOKEN}\n{text}"));
    assert!(text.contains(TOKEN) || !planted.contains(TOKEN));
    let shown = masker.text(&format!(r#"{{"password":"{TOKEN}"}}"#));
    assert!(!shown.contains(TOKEN) && !masker.text(&format!("{TOKEN} {text}")).contains(TOKEN));
});
