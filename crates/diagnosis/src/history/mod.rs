//! What many attempts of a test say together: how often it fails, what differs when it does, how it changes over time.
//!
//! Pure like the rest of this crate: no clock and no query. Each figure is a [`Share`] or comes with the number that it was
//! counted of, so that nobody has to show one without its n. Definitions for readers: `docs/reference/history.md`.

mod addresses;
mod polls;
mod predicates;
mod rates;
mod shape;
mod share;
mod standing;
mod traffic;
mod trend;

#[cfg(test)]
mod samples;

pub use addresses::without_addresses;
pub use polls::{Patience, patience};
pub use predicates::{CallName, Contrast, Predicate, PredicateKind, contrast};
pub use rates::{Novelty, Rates, novelty, rates};
pub use shape::{Place, Shape, ShapeChange, ShapeChangeKind};
pub use share::Share;
pub use standing::Standing;
pub use traffic::{Allowance, Endpoint, Recovery, Traffic, traffic};
pub use trend::{Trend, Window, trend};
