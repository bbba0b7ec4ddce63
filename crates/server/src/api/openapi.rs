//! The description of the API for machines: OpenAPI 3.1, made from the types that answer.
//!
//! OpenAPI 3.1 takes JSON Schema as it is, so the schemas of the report serve here too, and each type says what it is
//! for once.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::PREFIX;
use super::error::ErrorBody;
use super::routes::{Found, Health, TIMELINE};
use crate::document::{
    CallList, DependencyList, Document, Graph, Head, IncidentList, LogList, ReviewList, RunPage,
    SpanDetail, TestHistory, TestList,
};
use crate::export::Format;

/// A path and what it answers.
pub struct Operation {
    /// Below [`PREFIX`], with parameters in braces.
    pub path: &'static str,
    /// The name of the operation, for generated clients.
    pub id: &'static str,
    summary: &'static str,
    /// Parameters after the question mark: name, type, meaning.
    query: &'static [(&'static str, &'static str, &'static str)],
    answer: Answer,
}

enum Answer {
    Json(fn(&mut SchemaGenerator) -> Value),
    Bytes(&'static str),
}

const fn operation(
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    answer: Answer,
) -> Operation {
    Operation {
        path,
        id,
        summary,
        query: &[],
        answer,
    }
}

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

/// A format of others, which describe it.
fn any_object(_: &mut SchemaGenerator) -> Value {
    json!({ "type": "object" })
}

/// The parameter of lists that have no pages.
const LIMIT: (&str, &str, &str) = (
    "limit",
    "integer",
    "At most so many; 100 when not given, 10,000 at most",
);

/// Every path of the API but that of this description.
pub const OPERATIONS: &[Operation] = &[
    operation(
        "/health",
        "health",
        "The server's own state",
        Answer::Json(of::<Health>),
    ),
    Operation {
        query: &[
            (
                "limit",
                "integer",
                "At most so many; 50 when not given, 500 at most",
            ),
            (
                "before",
                "string",
                "Only the runs from `next` of another answer on, or those that began before this instant",
            ),
        ],
        ..operation(
            "/runs",
            "runs",
            "Runs, newest first",
            Answer::Json(of::<RunPage>),
        )
    },
    operation(
        "/runs/{run}",
        "run",
        "A run with its tests and why they failed",
        Answer::Json(of::<Document>),
    ),
    operation(
        "/attempts/{attempt}",
        "attempt",
        "The head of a recording",
        Answer::Json(of::<Head>),
    ),
    operation(
        "/attempts/{attempt}/timeline",
        "timeline",
        "The spans as binary columns, see protocol/http-api.md",
        Answer::Bytes(TIMELINE),
    ),
    operation(
        "/attempts/{attempt}/exchanges",
        "exchanges",
        "The calls in order, without headers and bodies",
        Answer::Json(of::<CallList>),
    ),
    operation(
        "/attempts/{attempt}/logs",
        "logs",
        "The log records in order",
        Answer::Json(of::<LogList>),
    ),
    operation(
        "/attempts/{attempt}/graph",
        "graph",
        "Services and peers, and what went between them",
        Answer::Json(of::<Graph>),
    ),
    operation(
        "/attempts/{attempt}/spans/{span}",
        "span",
        "One span, whole",
        Answer::Json(of::<SpanDetail>),
    ),
    operation(
        "/attempts/{attempt}/export/{format}",
        "export",
        "The recording for other tools, to be saved as a file",
        Answer::Json(any_object),
    ),
    Operation {
        query: &[
            LIMIT,
            (
                "flaky",
                "boolean",
                "Only tests that failed and passed with nothing changed",
            ),
        ],
        ..operation(
            "/tests",
            "tests",
            "Tests with their recent history, those that failed in most runs first",
            Answer::Json(of::<TestList>),
        )
    },
    operation(
        "/tests/{test}",
        "test",
        "What the recordings of a test say together",
        Answer::Json(of::<TestHistory>),
    ),
    Operation {
        query: &[LIMIT],
        ..operation(
            "/dependencies",
            "dependencies",
            "Whom the tests call, and what that costs",
            Answer::Json(of::<DependencyList>),
        )
    },
    Operation {
        query: &[LIMIT],
        ..operation(
            "/incidents",
            "incidents",
            "Failures of one cause across runs, the last seen first",
            Answer::Json(of::<IncidentList>),
        )
    },
    operation(
        "/reviews",
        "reviews",
        "What people say of diagnoses, and how often those were right",
        Answer::Json(of::<ReviewList>),
    ),
    operation(
        "/find/{prefix}",
        "find",
        "What an id, or the beginning of one, names",
        Answer::Json(of::<Found>),
    ),
];

/// The description.
#[must_use]
pub fn document() -> Value {
    let mut schemas = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let error = of::<ErrorBody>(&mut schemas);
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let entry = entry(operation, &error, &mut schemas);
        paths.insert(
            format!("{PREFIX}{}", operation.path),
            json!({ "get": entry }),
        );
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Flakescope",
            "version": "1",
            "description": "Recordings of tests, and why they failed. See protocol/http-api.md.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": schemas.take_definitions(true) },
    })
}

fn entry(operation: &Operation, error: &Value, schemas: &mut SchemaGenerator) -> Value {
    let content = match operation.answer {
        Answer::Json(schema) => json!({ "application/json": { "schema": schema(schemas) } }),
        Answer::Bytes(kind) => json!({ kind: {} }),
    };
    json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": parameters(operation),
        "responses": {
            "200": { "description": operation.summary, "content": content },
            "default": {
                "description": "An error",
                "content": { "application/json": { "schema": error } },
            },
        },
    })
}

fn path_schema(name: &str) -> Value {
    match name {
        "format" => json!({ "type": "string", "enum": Format::NAMES }),
        _ => json!({ "type": "string" }),
    }
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let in_path = operation.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(json!({
            "name": name,
            "in": "path",
            "required": true,
            "schema": path_schema(name),
        }))
    });
    let in_query = operation.query.iter().map(|(name, kind, meaning)| {
        json!({
            "name": name,
            "in": "query",
            "required": false,
            "description": meaning,
            "schema": { "type": kind },
        })
    });
    in_path.chain(in_query).collect()
}
