//! Stored chunks, recordings and evidence: damage is an error or a problem beside the value, and what was read can be
//! written and read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok((chunk, _)) = archive::chunk::decode(bytes) {
        let written = archive::chunk::encode(&chunk.spans, &chunk.logs)
            .expect("what was read can be written");
        let (again, problems) =
            archive::chunk::decode(&written).expect("what was written can be read");
        assert!(problems.is_empty());
        assert_eq!(again, chunk);
    }
    if let Ok((bundle, _)) = archive::recording::decode(bytes) {
        archive::recording::encode(&bundle).expect("what was read can be written");
    }
    if let Ok((evidence, _)) = archive::evidence::decode(bytes) {
        archive::evidence::encode(&evidence).expect("what was read can be written");
    }
});
