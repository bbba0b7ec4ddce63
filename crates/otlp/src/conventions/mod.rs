//! Facts under names of older conventions, and what the Lumigo distributions add, under the current names.

use crate::decode::Sink;

/// Renames.
pub(crate) fn apply(_sink: &mut Sink<'_>) {}
