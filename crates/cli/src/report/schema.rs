//! The JSON schema of the report. Needed only to write and to check `protocol/report.schema.json`, so only in tests.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use server::document::{
    DependencyList, Diff, Document, IncidentList, Recording, ReviewList, RunList, TestHistory,
    TestList,
};

/// The schema of the report, made from its types. `$defs` also holds what `show ATTEMPT --json`, `list --json`,
/// `diff --json` and `why --json` print.
pub(crate) fn schema() -> Schema {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<Recording>();
    generator.subschema_for::<RunList>();
    generator.subschema_for::<TestList>();
    generator.subschema_for::<Diff>();
    generator.subschema_for::<TestHistory>();
    generator.subschema_for::<DependencyList>();
    generator.subschema_for::<IncidentList>();
    generator.subschema_for::<ReviewList>();
    generator.into_root_schema_for::<Document>()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::super::samples;
    use super::*;

    /// A test rewrites the committed schema when `UPDATE_PROTOCOL=1` is set, and fails else when it is stale.
    #[test]
    fn the_committed_schema_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../protocol/report.schema.json");
        let current = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
        if std::env::var_os("UPDATE_PROTOCOL").is_some() {
            std::fs::write(&path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == current,
            "protocol/report.schema.json is stale: run the tests with UPDATE_PROTOCOL=1"
        );
    }

    #[test]
    fn documents_fit_the_schema() {
        let validator = jsonschema::validator_for(schema().as_value()).unwrap();
        for (name, document) in samples::all() {
            let value: Value = serde_json::to_value(&document).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    }

    #[test]
    fn a_recording_fits_the_schema() {
        let mut schema = schema().to_value();
        schema["$ref"] = Value::from("#/$defs/Recording");
        for key in ["type", "properties", "required"] {
            schema.as_object_mut().unwrap().remove(key);
        }
        let validator = jsonschema::validator_for(&schema).unwrap();
        let value = serde_json::to_value(samples::recording()).unwrap();
        assert!(validator.is_valid(&value));
        assert!(!validator.is_valid(&Value::from(1)));
    }

    #[test]
    fn the_schema_refuses_what_is_no_report() {
        let validator = jsonschema::validator_for(schema().as_value()).unwrap();
        let mut value = serde_json::to_value(samples::passed()).unwrap();
        value["run"]["counts"]["passed"] = Value::from("212");
        assert!(!validator.is_valid(&value));
    }

    /// The names that the design promises.
    #[test]
    fn the_promised_names_are_there() {
        let value = serde_json::to_value(samples::established()).unwrap();
        for pointer in [
            "/schema",
            "/run/id",
            "/run/command",
            "/run/exit_code",
            "/run/duration_ms",
            "/run/tags",
            "/run/counts/passed",
            "/run/counts/failed",
            "/run/counts/flaky",
            "/run/counts/skipped",
            "/run/counts/unfinished",
            "/run/spans",
            "/run/exchanges",
            "/run/gaps",
            "/tests/0/id",
            "/tests/0/suite",
            "/tests/0/name",
            "/tests/0/file",
            "/tests/0/line",
            "/tests/0/status",
            "/tests/0/attempts/0/id",
            "/tests/0/attempts/0/trace_id",
            "/tests/0/attempts/0/number",
            "/tests/0/attempts/0/status",
            "/tests/0/attempts/0/duration_ms",
            "/tests/0/attempts/0/error/type",
            "/tests/0/attempts/0/error/message",
            "/tests/0/attempts/0/exchanges",
            "/tests/0/attempts/0/diagnosis/cause",
            "/tests/0/attempts/0/diagnosis/owner",
            "/tests/0/attempts/0/diagnosis/confidence",
            "/tests/0/attempts/0/diagnosis/not_your_code",
            "/tests/0/attempts/0/diagnosis/summary",
            "/tests/0/attempts/0/diagnosis/culprit/span_id",
            "/tests/0/attempts/0/diagnosis/culprit/method",
            "/tests/0/attempts/0/diagnosis/culprit/url",
            "/tests/0/attempts/0/diagnosis/culprit/status",
            "/tests/0/attempts/0/diagnosis/culprit/peer",
            "/tests/0/attempts/0/diagnosis/culprit/role",
            "/tests/0/attempts/0/diagnosis/findings/0/text",
            "/tests/0/attempts/0/diagnosis/findings/0/span_id",
            "/tests/0/attempts/0/diagnosis/fingerprint",
        ] {
            assert!(value.pointer(pointer).is_some(), "{pointer}");
        }
    }
}
