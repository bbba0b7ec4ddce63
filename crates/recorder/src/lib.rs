//! Spool to store: admits, masks, attributes and writes a run.
//!
//! A [`Session`] tails the spool folder of one run. Every line goes the same way: `decode` (tolerant, pure), `content`
//! (codings undone), [`Masker`] (facts first, then pseudonyms), `attribution` (pure: whose it is), and then in one batch
//! per tick to the store. Nothing reaches the store unmasked, and nothing that is lost is lost silently: it is counted
//! as a [`model::Gap`].
//!
//! What services send by OpenTelemetry comes in through the [`door`] and goes the same way from masking on.
//!
//! Only `spool`, `door` and `session` do I/O, only `os` asks the operating system, and the clock is an argument.

mod attribution;
mod content;
mod decode;
pub mod door;
mod json;
mod key;
mod logfile;
mod mask;
mod os;
mod session;
mod spool;

pub use key::{Key, KeyError};
pub use logfile::LogFile;
pub use mask::{MaskError, MaskRules, Masker, secret_environment};
pub use session::{
    Keeper, KeeperOptions, Progress, Recovered, Recovery, Session, SessionOptions, StartError,
    Summary, recover,
};
pub use spool::{Capture, Spool, SpoolError, SpoolOptions};
