//! Evidence as files: written to be diagnosed elsewhere, shown without a store, and passing recordings taken from it.

mod baselines;
mod file;
mod present;

pub(crate) use baselines::baselines;
pub(crate) use file::{read, write};
pub(crate) use present::present;
