//! The tree of spans as a list: a parent before its children, siblings by start.
//!
//! Telemetry may name parents that never arrived, or go round in circles. Such spans become children of the root, so that
//! every span is shown once.

use std::collections::HashMap;

use model::{Span, SpanId};

/// Where a span stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Index into the spans.
    pub(super) span: usize,
    /// Row of the parent; none for the root, and for spans beside it when there is no root.
    pub(super) parent: Option<usize>,
    /// Steps from the root.
    pub(super) depth: u16,
    /// The row after the last one of this subtree.
    pub(super) end: usize,
    /// The span names a parent that is not among the spans.
    pub(super) orphan: bool,
}

/// The rows of these spans. The root comes first, whatever it says of its own parent: that one is outside the recording.
pub(super) fn rows(spans: &[Span], root: SpanId) -> Vec<Place> {
    Walk::new(spans, root).run()
}

struct Walk<'a> {
    spans: &'a [Span],
    children: Vec<Vec<usize>>,
    /// What stands at the top: the root, else every span without a parent.
    tops: Vec<usize>,
    /// Spans whose parent did not arrive, and that hang on the root.
    orphans: Vec<bool>,
    placed: Vec<bool>,
    rows: Vec<Place>,
}

impl<'a> Walk<'a> {
    fn new(spans: &'a [Span], root: SpanId) -> Self {
        let index: HashMap<SpanId, usize> = spans
            .iter()
            .enumerate()
            .map(|(at, span)| (span.span_id, at))
            .collect();
        let root = index.get(&root).copied();
        let mut walk = Self {
            spans,
            children: vec![Vec::new(); spans.len()],
            tops: root.into_iter().collect(),
            orphans: vec![false; spans.len()],
            placed: vec![false; spans.len()],
            rows: Vec::with_capacity(spans.len()),
        };
        for (at, span) in spans.iter().enumerate() {
            if Some(at) == root {
                continue;
            }
            let parent = span.parent_span_id.and_then(|id| index.get(&id).copied());
            walk.orphans[at] = span.parent_span_id.is_some() && parent.is_none();
            match parent.or(root) {
                Some(parent) => walk.children[parent].push(at),
                None => walk.tops.push(at),
            }
        }
        walk
    }

    fn run(mut self) -> Vec<Place> {
        let tops = std::mem::take(&mut self.tops);
        // Only with one root are the last rows below the first.
        let under = (tops.len() == 1).then_some(0);
        for top in self.sorted(tops) {
            self.subtree(top, None);
        }
        // Whatever is left goes round in a circle: it is cut at its earliest span.
        for at in self.sorted((0..self.spans.len()).collect()) {
            if !self.placed[at] {
                self.orphans[at] = true;
                self.subtree(at, under);
            }
        }
        self.close();
        self.rows
    }

    /// Puts a span and all below it. Not recursive: traces may be as deep as they are long.
    fn subtree(&mut self, top: usize, parent: Option<usize>) {
        let mut stack = vec![(top, parent)];
        while let Some((at, parent)) = stack.pop() {
            if std::mem::replace(&mut self.placed[at], true) {
                continue;
            }
            let row = self.rows.len();
            let depth = parent.map_or(0, |parent| self.rows[parent].depth.saturating_add(1));
            self.rows.push(Place {
                span: at,
                parent,
                depth,
                end: row + 1,
                orphan: self.orphans[at],
            });
            let children = std::mem::take(&mut self.children[at]);
            let children = self.sorted(children);
            stack.extend(children.into_iter().rev().map(|child| (child, Some(row))));
        }
    }

    /// By start; those that start together as they end, and then by id, so that the order is always the same.
    fn sorted(&self, mut rows: Vec<usize>) -> Vec<usize> {
        rows.sort_by_key(|&at| {
            let span = &self.spans[at];
            (span.start, span.end.is_none(), span.end, span.span_id)
        });
        rows
    }

    /// Tells every row where its subtree ends.
    fn close(&mut self) {
        for row in (0..self.rows.len()).rev() {
            let end = self.rows[row].end;
            if let Some(parent) = self.rows[row].parent {
                self.rows[parent].end = self.rows[parent].end.max(end);
            }
        }
    }
}
