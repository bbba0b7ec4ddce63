//! What came in through the door goes the way of what agents write: masked, attributed, put into the batch.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use model::{Attributes, GapKind, Log, Resource, Span, SpanKind, TraceId, Value, attribute};

use super::Intake;
use crate::attribution::{Home, Sighting};
use crate::door::Delivery;

/// Beyond so many spans of a run, those that are sent again are stored again; readers see each once all the same.
const REMEMBERED_SPANS: usize = 1_000_000;

/// Resources of a delivery, each masked once. The key is the address of what was sent, which lives as long as this.
type Masked = HashMap<*const Resource, (Arc<Resource>, Arc<Resource>)>;

impl Intake {
    /// Takes in a delivery.
    pub(in crate::session) fn delivery(&mut self, delivery: Delivery) {
        for loss in delivery.losses {
            let detail = loss.detail.map(str::to_owned);
            let place = (loss.kind, loss.trace_id, loss.span_id, detail);
            self.gaps.add(place, loss.count);
        }
        // An exporter sends a span when it has ended, so that children come before what links them to a test.
        for span in &delivery.spans {
            self.attribution.link(span);
        }
        let mut masked = Masked::new();
        for span in delivery.spans {
            self.guarded(|intake| intake.received_span(span, &mut masked));
        }
        for log in delivery.logs {
            self.guarded(|intake| intake.received_log(log, &mut masked));
        }
    }

    /// A defect in masking must cost the one record that shows it.
    fn guarded(&mut self, take: impl FnOnce(&mut Self)) {
        if panic::catch_unwind(AssertUnwindSafe(|| take(self))).is_err() {
            let detail = Some("a defect of the recorder".into());
            self.gaps.run(GapKind::MaskingFailed, 1, detail);
        }
    }

    fn received_span(&mut self, mut span: Span, masked: &mut Masked) {
        let id = (span.trace_id, span.span_id);
        // Exporters send a batch again when they did not hear that it was taken.
        if self.received.contains(&id) {
            return;
        }
        if span.end.is_some() && self.received.len() < REMEMBERED_SPANS {
            self.received.insert(id);
        }
        let home = self.attribution.home(&span);
        self.attribution.stored(home, Sighting::of(&span));
        if span.kind == SpanKind::Client
            && span.attributes.get(attribute::ATTRIBUTION).is_none()
            && let Some(basis) = home.basis()
        {
            span.attributes.set(attribute::ATTRIBUTION, basis);
        }
        for error in programmatic_errors(&span) {
            self.received_log(error, masked);
        }
        // The root may come later; then these are its tags.
        self.received_tags(home.trace_id(), &span);
        span.resource = self.masked_resource(&span.resource, masked);
        self.take_span(&mut span, true);
        self.chunk(Some(home.trace_id())).spans.push(span);
    }

    fn received_log(&mut self, mut log: Log, masked: &mut Masked) {
        log.resource = self.masked_resource(&log.resource, masked);
        self.take_log(&mut log);
        let home = log
            .trace_id
            .map(|trace| self.attribution.home_of(trace, &[]));
        if let Some(home) = home {
            let sighting = Sighting::at(&log.resource, log.time, log.time);
            self.attribution.stored(home, sighting);
        }
        self.chunk(home.map(Home::trace_id)).logs.push(log);
    }

    /// Tags that a test gives itself through any of its spans.
    fn received_tags(&mut self, trace: TraceId, span: &Span) {
        for (key, values) in otlp::execution_tags(span) {
            let value = self.masker.named(&key, &values.join(", "));
            let key = self.masker.text(&key);
            self.attribution.tag(trace, key, value);
        }
    }

    /// A resource is shared by all records of a process, and masked once for all of them.
    fn masked_resource(&mut self, sent: &Arc<Resource>, masked: &mut Masked) -> Arc<Resource> {
        if let Some((_, known)) = masked.get(&Arc::as_ptr(sent)) {
            return Arc::clone(known);
        }
        let mut resource = Resource::clone(sent);
        let left_out = self.masker.resource(&mut resource);
        self.gaps.run(GapKind::MaskingFailed, left_out, None);
        let resource = Arc::new(resource);
        masked.insert(Arc::as_ptr(sent), (Arc::clone(sent), Arc::clone(&resource)));
        resource
    }
}

/// Errors that a program reports through Lumigo's distributions, an event of a span each, as log records: there they stand
/// on the axis of everything else that was said.
fn programmatic_errors(span: &Span) -> impl Iterator<Item = Log> {
    /// ERROR, in OTLP.
    const SEVERITY: u8 = 17;
    // The decoder has put them under these names; an exception has names of its own.
    let is_error = |event: &&model::Event| {
        let facts = &event.attributes;
        facts.get(attribute::ERROR_TYPE).is_some()
            && facts.str(attribute::ERROR_MESSAGE) == Some(event.name.as_str())
    };
    span.events.iter().filter(is_error).map(|event| Log {
        trace_id: Some(span.trace_id),
        span_id: Some(span.span_id),
        time: event.time,
        severity: SEVERITY,
        severity_text: "ERROR".to_owned(),
        body: Value::from(event.name.clone()),
        attributes: Attributes::clone(&event.attributes),
        resource: Arc::clone(&span.resource),
    })
}
