//! A second look at what was masked before the run had shown all of its secrets: a console line before the call whose
//! password it holds. Looks for learned values only, so it costs a fraction of masking.

use std::borrow::Cow;

use model::{Attempt, Attributes, Log, Span, Value};
use store::Process;

use super::Masker;
use super::record::names_a_test;

impl Masker {
    /// How many secrets the run has shown, by value or by hash. What was masked at another number is looked at again.
    pub(crate) fn learned(&self) -> u64 {
        self.learned.count() + self.sighted.count()
    }

    /// How many secrets were masked in their place since the last call, but are not looked for elsewhere, because there
    /// was no room for more.
    pub(crate) fn take_unlearned(&self) -> u64 {
        self.learned.take_refused()
    }

    /// A span that was masked before.
    pub(crate) fn span_again(&self, span: &mut Span) {
        if !names_a_test(&span.attributes) {
            self.text_again(&mut span.name);
        }
        self.text_again(&mut span.status.message);
        self.attributes_again(&mut span.attributes);
        for event in &mut span.events {
            self.text_again(&mut event.name);
            self.attributes_again(&mut event.attributes);
        }
        for link in &mut span.links {
            self.attributes_again(&mut link.attributes);
        }
    }

    /// A log that was masked before.
    pub(crate) fn log_again(&self, log: &mut Log) {
        self.value_again(&mut log.body);
        self.attributes_again(&mut log.attributes);
    }

    /// The row of an attempt, which was made of masked spans.
    pub(crate) fn attempt_again(&self, attempt: &mut Attempt) {
        if let Some(failure) = &mut attempt.failure {
            self.text_again(&mut failure.message);
            for text in [
                &mut failure.stack,
                &mut failure.expected,
                &mut failure.actual,
            ] {
                text.iter_mut().for_each(|text| self.text_again(text));
            }
        }
        let reason = attempt.skip_reason.iter_mut();
        let left_out = attempt.not_run.iter_mut();
        let left_out = left_out.flat_map(|not_run| &mut not_run.tests);
        for text in reason.chain(left_out).chain(attempt.tags.values_mut()) {
            self.text_again(text);
        }
    }

    /// The row of a process.
    pub(crate) fn process_again(&self, process: &mut Process) {
        for word in &mut process.command {
            self.text_again(word);
        }
    }

    /// A text that was masked before.
    pub(crate) fn text_again(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.learned_values(text) {
            *text = masked;
        }
    }

    fn attributes_again(&self, attributes: &mut Attributes) {
        for (key, value) in attributes.iter_mut() {
            if !super::record::is_lasting(key) {
                self.value_again(value);
            }
        }
    }

    fn value_again(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.text_again(text),
            Value::Bytes(bytes) => self.bytes(bytes),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value_again(item)),
            Value::Map(pairs) => {
                for (_, item) in pairs {
                    self.value_again(item);
                }
            }
            Value::Empty | Value::Bool(_) | Value::Int(_) | Value::Double(_) => {}
        }
    }
}
