//! What is written comes back as it was: compared by `Debug`, in which a NaN equals itself.

use std::fmt::Debug;

use archive::{chunk, evidence, recording, row};
use proptest::prelude::*;

use crate::arbitrary;

fn same(left: &impl Debug, right: &impl Debug) -> Result<(), TestCaseError> {
    prop_assert_eq!(format!("{left:?}"), format!("{right:?}"));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn chunks(spans in prop::collection::vec(arbitrary::span(), 0..4), logs in prop::collection::vec(arbitrary::log(), 0..4)) {
        let (read, problems) = chunk::decode(&chunk::encode(&spans, &logs).unwrap()).unwrap();
        prop_assert_eq!(problems, []);
        same(&read, &chunk::Chunk { spans, logs })?;
    }

    #[test]
    fn bundles(bundle in arbitrary::bundle()) {
        for bytes in [recording::encode(&bundle).unwrap(), recording::encode_text(&bundle).unwrap()] {
            let (read, problems) = recording::decode(&bytes).unwrap();
            prop_assert_eq!(problems, []);
            same(&read, &bundle)?;
        }
    }

    #[test]
    fn evidence_and_its_hash(evidence in arbitrary::evidence()) {
        for bytes in [evidence::encode(&evidence).unwrap(), evidence::encode_text(&evidence).unwrap()] {
            let (read, problems) = evidence::decode(&bytes).unwrap();
            prop_assert_eq!(problems, []);
            same(&read, &evidence)?;
            prop_assert_eq!(evidence::hash(&read).unwrap(), evidence::hash(&evidence).unwrap());
        }
    }

    #[test]
    fn rows(diagnosis in arbitrary::diagnosis()) {
        let text = row::encode(&diagnosis).unwrap();
        prop_assert!(!text.contains('\n'));
        same(&row::decode::<model::Diagnosis>(&text).unwrap(), &diagnosis)?;
    }

    #[test]
    fn odd_passes(unlike in arbitrary::unlike()) {
        let text = row::encode(&unlike).unwrap();
        prop_assert_eq!(row::decode::<model::Unlike>(&text).unwrap(), unlike);
    }
}
