//! How single values are written: ids as hex, times as decimal strings, words by their names, OTLP's numbers.

use std::fmt::Display;
use std::str::FromStr;

use model::{
    AttemptId, AttemptKind, AttemptStatus, BaselineBasis, Cause, Confidence, GapKind, OddityKind,
    Owner, Phase, Role, RunId, RunState, SpanId, SpanKind, StatusCode, TestId, Timestamp, TraceId,
};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value of the model that has one written shape.
pub trait Shape: Sized {
    /// Writes it.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads it.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Lends a shape to serde.
pub(crate) struct As<T>(pub(crate) T);

impl<T: Shape> Serialize for As<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, T: Shape> Deserialize<'de> for As<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// A field with a shape, for `#[serde(with)]`.
pub(crate) mod one {
    use super::{Deserializer, Serializer, Shape};

    pub(crate) fn serialize<T: Shape, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        value.write(to)
    }

    pub(crate) fn deserialize<'de, T: Shape, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        T::read(from)
    }
}

/// A field that may be missing, for `#[serde(with)]`.
pub(crate) mod option {
    use super::{As, Deserialize, Deserializer, Serialize, Serializer, Shape};

    pub(crate) fn serialize<T: Shape, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(As).serialize(to)
    }

    pub(crate) fn deserialize<'de, T: Shape, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Option::<As<T>>::deserialize(from)?.map(|value| value.0))
    }
}

/// A field with any number of them, for `#[serde(with)]`.
pub(crate) mod list {
    use super::{As, Deserialize, Deserializer, Serializer, Shape};

    pub(crate) fn serialize<T: Shape, S: Serializer>(
        values: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(As))
    }

    pub(crate) fn deserialize<'de, T: Shape, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        let values = Vec::<As<T>>::deserialize(from)?;
        Ok(values.into_iter().map(|value| value.0).collect())
    }
}

/// A field that is a hash of 64 bits, for `#[serde(with)]`: JavaScript's numbers are not exact beyond 2^53.
pub(crate) mod hex {
    use super::{Deserializer, Serializer, read_text};

    pub(crate) fn serialize<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{value:016x}"))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let read = |text: &str| u64::from_str_radix(text, 16).ok();
        read_text(from, "a hash of 16 hex digits", read)
    }
}

/// Reads a text that `read` understands; without copying it where possible.
struct TextVisitor<F>(F, &'static str);

impl<T, F: FnOnce(&str) -> Option<T>> Visitor<'_> for TextVisitor<F> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.1)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self.1))
    }
}

fn read_text<'de, D: Deserializer<'de>, T>(
    from: D,
    expecting: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    from.deserialize_str(TextVisitor(read, expecting))
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

macro_rules! as_text {
    ($($type:ty: $expecting:literal, $write:expr, $read:expr;)+) => {
        $(impl Shape for $type {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                fn text<T: Display>(write: impl Fn($type) -> T, value: $type) -> impl Display {
                    write(value)
                }
                serializer.collect_str(&text($write, *self))
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, $expecting, $read)
            }
        })+
    };
}

as_text! {
    RunId: "32 hex digits", |id| id, parse;
    TestId: "32 hex digits", |id| id, parse;
    AttemptId: "32 hex digits", |id| id, parse;
    TraceId: "32 hex digits", |id| id, parse;
    SpanId: "16 hex digits", |id| id, parse;
    Timestamp: "nanoseconds as a decimal string", |time| time.0, |text| parse(text).map(Timestamp);
    GapKind: "a kind of gap", GapKind::as_str, parse;
    RunState: "the state of a run", RunState::as_str,
        named(
            &[
                RunState::Recording,
                RunState::Sealed,
                RunState::Interrupted,
                RunState::Recovered,
            ],
            RunState::as_str,
        );
    AttemptKind: "`test` or `fixture`", attempt_kind,
        named(&[AttemptKind::Test, AttemptKind::Fixture], attempt_kind);
    AttemptStatus: "the status of an attempt", AttemptStatus::as_str,
        named(
            &[
                AttemptStatus::Passed,
                AttemptStatus::Failed,
                AttemptStatus::Skipped,
                AttemptStatus::Unfinished,
            ],
            AttemptStatus::as_str,
        );
    BaselineBasis: "why a baseline was chosen", baseline_basis,
        named(
            &[
                BaselineBasis::SameRun,
                BaselineBasis::SameCommit,
                BaselineBasis::BaseBranch,
                BaselineBasis::Newest,
            ],
            baseline_basis,
        );
    Phase: "a phase", Phase::as_str, Phase::from_name;
    Role: "a role", Role::as_str, Role::from_name;
    Cause: "a cause", Cause::as_str, Cause::from_name;
    Owner: "an owner", Owner::as_str, Owner::from_name;
    OddityKind: "in what a call is odd", OddityKind::as_str, OddityKind::from_name;
    Confidence: "a confidence", Confidence::as_str, Confidence::from_name;
}

fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> impl FnOnce(&str) -> Option<T> {
    move |text| all.iter().copied().find(|known| name(*known) == text)
}

fn attempt_kind(kind: AttemptKind) -> &'static str {
    match kind {
        AttemptKind::Test => "test",
        AttemptKind::Fixture => "fixture",
    }
}

fn baseline_basis(basis: BaselineBasis) -> &'static str {
    match basis {
        BaselineBasis::SameRun => "same-run",
        BaselineBasis::SameCommit => "same-commit",
        BaselineBasis::BaseBranch => "base-branch",
        BaselineBasis::Newest => "newest",
    }
}

macro_rules! as_number {
    ($($type:ty),+) => {
        $(impl Shape for $type {
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_u8(*self as u8)
            }

            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                i64::deserialize(deserializer).map(Self::from_number)
            }
        })+
    };
}

as_number!(SpanKind, StatusCode);
