//! What every store must do, run against each of ours.
//!
//! A case is a function of an empty store. A new implementation is one more line in `stores!`.

mod cases;
mod evidence;
mod samples;

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
}
