//! The door for everything that speaks OpenTelemetry: OTLP over HTTP, as protobuf and JSON. `protocol/otlp.md` describes
//! it.
//!
//! A request is read within bounds ([`body`]), decoded by the crate `otlp`, what it lost is told as gaps ([`loss`]), and
//! goes to a [`Taker`]: the [`Inbox`] of a run, which the session empties, or whoever keeps it durably for a server. What
//! comes through is neither masked nor attributed here; there is one code for that, the session's.

mod activity;
mod answer;
mod body;
mod inbox;
mod listen;
mod loss;
mod receive;

pub use body::MOST_BYTES;
pub use inbox::{Delivery, Inbox, Loss};
pub use listen::{Door, OpenDoor};
pub use receive::{Keep, NotKept, Taker, router};
