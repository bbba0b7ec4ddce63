//! What `why`, `list dependencies`, `list incidents` and `list disputes` print: what is known across runs.

mod dependencies;
mod disputes;
mod figures;
mod incidents;
mod why;

pub(crate) use dependencies::list as list_dependencies;
pub(crate) use disputes::list as list_disputes;
pub(crate) use figures::precision;
pub(crate) use incidents::list as list_incidents;
pub(crate) use why::print as why;

#[cfg(test)]
mod screens;
