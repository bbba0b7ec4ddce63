//! What the user must hear about the recording itself: each thing once, never in the way of the tests.

use std::fmt;

use crate::report::style::Style;
use crate::talk;

/// Things to say.
#[derive(Debug)]
pub(crate) struct Notes {
    /// How to write to stderr.
    pub(crate) style: Style,
    losses: Vec<String>,
}

impl Notes {
    /// Nothing to say yet.
    pub(crate) fn new(style: Style) -> Self {
        Self {
            style,
            losses: Vec::new(),
        }
    }

    /// Says at once that something is wrong, and what follows from it.
    pub(crate) fn warn(&self, problem: &dyn fmt::Display, consequence: &str) {
        talk::say(
            &self.style,
            &format!("warning: {problem}\nhint: {consequence}"),
        );
    }

    /// Keeps for the report that something is lost, and why.
    pub(crate) fn lose(&mut self, loss: impl Into<String>) {
        self.losses.push(loss.into());
    }

    /// What is lost, in the order in which that was found.
    pub(crate) fn losses(&self) -> &[String] {
        &self.losses
    }
}
