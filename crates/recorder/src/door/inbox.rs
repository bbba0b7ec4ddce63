//! What came in through the door and waits for the recorder: a bounded queue between the two.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use model::{GapKind, Log, Resource, Span, SpanId, TraceId};

/// What was read of one request, as it was sent: neither masked nor attributed.
#[derive(Debug, Default)]
pub struct Delivery {
    /// Spans.
    pub spans: Vec<Span>,
    /// Log records.
    pub logs: Vec<Log>,
    /// Who sent what is not kept, when that is all there is of it.
    pub measured: Vec<Arc<Resource>>,
    /// What of it is known to be missing.
    pub losses: Vec<Loss>,
    /// How long its body was, its content coding undone, in bytes.
    pub bytes: usize,
}

/// Something that was sent and could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// What kind of thing is missing.
    pub kind: GapKind,
    /// The trace that it is missing from.
    pub trace_id: Option<TraceId>,
    /// The span that it is missing from.
    pub span_id: Option<SpanId>,
    /// How many.
    pub count: u64,
    /// More, in our own words: nothing of what was sent.
    pub detail: Option<&'static str>,
}

impl Loss {
    /// A loss of which no trace is known.
    pub(crate) fn of_run(kind: GapKind, count: u64, detail: &'static str) -> Self {
        Self {
            kind,
            trace_id: None,
            span_id: None,
            count,
            detail: Some(detail),
        }
    }
}

/// Deliveries in the order in which they came. Safe to share between threads; nobody waits in it.
#[derive(Debug, Default)]
pub struct Inbox(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    deliveries: VecDeque<Delivery>,
    bytes: usize,
    losses: Vec<Loss>,
}

impl Inbox {
    /// Bodies that wait are together at most so long, in bytes. Read, they take up to ten times that in memory.
    pub const MOST_BYTES: usize = 64 << 20;
    /// Different losses that are told apart while they wait; the recorder looks ten times a second.
    const MOST_LOSSES: usize = 1024;

    /// Puts a delivery in. When it does not fit, its records are given up and counted; returns whether it was taken.
    pub fn put(&self, delivery: Delivery) -> bool {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = queue.bytes.saturating_add(delivery.bytes) <= Self::MOST_BYTES;
        // One alone is always taken: its length was bounded before.
        if fits || queue.deliveries.is_empty() {
            queue.bytes = queue.bytes.saturating_add(delivery.bytes);
            queue.deliveries.push_back(delivery);
            return true;
        }
        let records = delivery.spans.len() + delivery.logs.len();
        queue.lose(Loss::of_run(
            GapKind::OtlpRejected,
            records as u64,
            "the recorder did not keep up",
        ));
        delivery
            .losses
            .into_iter()
            .for_each(|loss| queue.lose(loss));
        false
    }

    /// Counts what was lost before it could be read.
    pub(crate) fn lose(&self, loss: Loss) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .lose(loss);
    }

    /// Takes everything out.
    pub(crate) fn take(&self) -> Vec<Delivery> {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queue.bytes = 0;
        let mut taken: Vec<Delivery> = std::mem::take(&mut queue.deliveries).into();
        let losses = std::mem::take(&mut queue.losses);
        if !losses.is_empty() {
            taken.push(Delivery {
                losses,
                ..Delivery::default()
            });
        }
        taken
    }
}

impl Queue {
    fn lose(&mut self, loss: Loss) {
        let is_same = |known: &&mut Loss| {
            let place = |loss: &Loss| (loss.kind, loss.trace_id, loss.span_id, loss.detail);
            place(known) == place(&loss)
        };
        if let Some(known) = self.losses.iter_mut().find(is_same) {
            known.count = known.count.saturating_add(loss.count);
        } else if self.losses.len() < Inbox::MOST_LOSSES {
            self.losses.push(loss);
        } else if let Some(known) = self.losses.iter_mut().find(|known| known.kind == loss.kind) {
            known.count = known.count.saturating_add(loss.count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(bytes: usize) -> Delivery {
        Delivery {
            logs: vec![Log {
                trace_id: None,
                span_id: None,
                time: model::Timestamp(0),
                severity: 0,
                severity_text: String::new(),
                body: model::Value::Empty,
                attributes: model::Attributes::new(),
                resource: Default::default(),
            }],
            bytes,
            ..Delivery::default()
        }
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let inbox = Inbox::default();
        assert!(inbox.put(delivery(Inbox::MOST_BYTES + 1)));
        assert!(!inbox.put(delivery(1)));
        assert!(!inbox.put(delivery(1)));
        let taken = inbox.take();
        assert_eq!(taken.len(), 2);
        assert_eq!(
            taken[1].losses,
            [Loss::of_run(
                GapKind::OtlpRejected,
                2,
                "the recorder did not keep up"
            )]
        );
        assert!(inbox.put(delivery(1)));
        assert!(inbox.put(delivery(1)));
        assert_eq!(inbox.take().len(), 2);
        assert!(inbox.take().is_empty());
    }
}
