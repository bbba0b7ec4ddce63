//! Whole screens as snapshots, and what must hold of every screen.

use std::path::Path;

use model::Timestamp;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::super::neutral;
use super::super::samples;
use super::super::style::Style;
use super::print;
use server::document::{Document, Seen};

/// 2026-11-22T10:20:00Z.
const NOW: Timestamp = Timestamp(1_795_342_800_000_000_000);

fn style(width: usize) -> Style {
    Style {
        width,
        color: false,
        ascii: false,
        now: NOW,
    }
}

fn screen(document: &Document, style: &Style) -> String {
    let mut out = Vec::new();
    let settings = Path::new("/shop/flakescope.toml");
    print(document, settings, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn screens_of_every_situation() {
    for (name, document) in samples::all() {
        insta::assert_snapshot!(name, screen(&document, &style(80)));
    }
}

/// Of a cause that earlier runs had it is said, of a new one nothing.
#[test]
fn a_cause_that_was_seen_before_is_told_so() {
    let mut document = samples::three_failures();
    let mut seen = Seen {
        new: false,
        first: "2026-11-20T10:20:00.000Z".into(),
        runs: 4,
        branches: 2,
        failures: 9,
    };
    let line = "seen before: first 2 days ago, in 4 runs on 2 branches";
    let mut check = |seen: &Seen, expected: bool| {
        document.causes[0].seen = Some(seen.clone());
        let shown = screen(&document, &style(80));
        assert_eq!(shown.contains(line), expected, "{shown}");
    };
    check(&seen, true);
    seen.new = true;
    check(&seen, false);
}

#[test]
fn screens_of_every_width() {
    for width in [60, 200] {
        let shown = screen(&samples::three_failures(), &style(width));
        insta::assert_snapshot!(format!("three_failures_at_{width}"), shown);
        let shown = screen(&samples::unknown_role(), &style(width));
        insta::assert_snapshot!(format!("unknown_role_at_{width}"), shown);
    }
}

#[test]
fn screens_in_ascii_and_in_colour() {
    let ascii = Style {
        ascii: true,
        ..style(80)
    };
    let color = Style {
        color: true,
        ..style(80)
    };
    insta::assert_snapshot!("ascii", screen(&samples::three_failures(), &ascii));
    let shown = screen(&samples::three_failures(), &color).replace('\u{1b}', "ESC");
    insta::assert_snapshot!("colour", shown);
}

/// Colour only adds escape sequences: without it every word is still there.
#[test]
fn colour_carries_no_meaning() {
    for (name, document) in samples::all() {
        let color = Style {
            color: true,
            ..style(80)
        };
        let plain = screen(&document, &style(80));
        assert_eq!(
            without_sequences(&screen(&document, &color)),
            plain,
            "{name}"
        );
    }
}

/// Takes `ESC[…m` out.
fn without_sequences(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

#[test]
fn ascii_screens_are_ascii() {
    let ascii = Style {
        ascii: true,
        ..style(80)
    };
    for (name, document) in samples::all() {
        let shown = screen(&document, &ascii);
        assert!(shown.is_ascii(), "{name}");
    }
}

#[test]
fn many_failures_stay_readable() {
    let shown = screen(&samples::three_hundred_failures(), &style(80));
    let lines = shown.lines().count();
    assert!(lines <= 100, "{lines} lines");
}

fn check(document: &Document, width: usize, ascii: bool) -> Result<(), TestCaseError> {
    let style = Style {
        ascii,
        ..style(width)
    };
    let gutter = if ascii { "|" } else { "▌" };
    let commands = ["::", "##[", "##vso["];
    for line in screen(document, &style).split_terminator('\n') {
        let rest = line.strip_prefix(gutter);
        prop_assert!(rest.is_some(), "no gutter: {line}");
        let rest = rest.unwrap_or_default().trim_start();
        prop_assert!(
            !commands.iter().any(|command| rest.starts_with(command)),
            "{line}"
        );
        prop_assert!(!line.contains("##["), "{line}");
        prop_assert!(!line.chars().any(neutral::acts), "{line}");
        prop_assert!(line.width() <= width, "{} columns: {line}", line.width());
    }
    Ok(())
}

#[test]
fn every_line_has_the_gutter_and_fits() {
    for (name, document) in samples::all() {
        for width in [40, 60, 80, 200] {
            for ascii in [false, true] {
                check(&document, width, ascii).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
    }
}

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        Just("::error file=a::b\n".to_owned()),
        Just(" ::stop-commands::x".to_owned()),
        Just("\n##[group]".to_owned()),
        Just("##vso[task.complete]".to_owned()),
        Just("\u{1b}]0;title\u{7}\u{9b}2J".to_owned()),
        Just("\u{202e}\u{2066}\u{200b}".to_owned()),
        Just("日本語".repeat(20)),
        Just("x".repeat(95)),
    ];
    proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_captured_text_acts(text in nasty(), width in 40..120usize, ascii in any::<bool>()) {
        check(&samples::hostile(&text), width, ascii)?;
    }
}
