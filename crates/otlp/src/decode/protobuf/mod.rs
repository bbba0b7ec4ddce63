//! Requests in protobuf's binary encoding.
//!
//! The messages are walked on the wire and put into the model's types directly: a field that is wrong costs itself, and
//! a message that is torn costs what stands behind the tear within it, because the message around it knows its length.
//! A decoder of whole messages refuses a request for one text that is not UTF-8.

mod log;
mod request;
mod span;
mod value;
mod wire;

pub(super) use request::request;
