//! What every store must do, run against each of ours.
//!
//! A case is a function of an empty store. A new implementation is one more line in `stores!`.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which clippy cannot tell"
)]

mod cases;
mod crash;
mod derived;
mod evidence;
mod failing;
mod file;
mod neighbours;
mod passes;
mod resilient;
mod reviews;
mod samples;
mod signer;
mod wide;

use std::sync::Arc;

use store::Store;

/// An empty store, and what must live as long as it.
type Opened = (Arc<dyn Store>, Option<tempfile::TempDir>);

fn on_disk() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&folder.path().join(".flakescope")).unwrap();
    (store, Some(folder))
}

fn in_memory() -> Opened {
    (store::open_in_memory().unwrap(), None)
}

fn resilient() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    (
        store::open_resilient(&folder.path().join("store")),
        Some(folder),
    )
}

fn without_primary() -> Opened {
    (store::resilient(Err(store::StoreError::Full)), None)
}

/// A store on disk that fails for good at its third write.
fn after_two_writes() -> Opened {
    let (disk, folder) = on_disk();
    let failing = failing::Failing::after(disk, 2);
    (store::resilient(Ok(Arc::new(failing))), folder)
}

macro_rules! stores {
    ($($store:ident: $open:expr;)+) => {
        $(mod $store {
            use super::*;

            macro_rules! case {
                ($case:ident, $function:path) => {
                    #[test]
                    fn $case() {
                        let (store, _folder) = $open();
                        $function(store.as_ref());
                    }
                };
            }

            crate::all_cases!(case);
        })+
    };
}

stores! {
    disk: on_disk;
    memory: in_memory;
    resilient_on_disk: resilient;
    resilient_without_primary: without_primary;
    resilient_after_two_writes: after_two_writes;
}
