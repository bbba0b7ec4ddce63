// The shapes of the API's answers under the names that the pages use. They are generated (schema.ts); here is added what
// JSON Schema cannot say: that every field is always there, `null` when it is not known (protocol/report.md).
import type { components } from "./schema";

type Present<T> = T extends readonly (infer Item)[]
  ? Present<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Present<T[Key]> }
    : T;

type Schemas = components["schemas"];
type Of<Name extends keyof Schemas> = Present<Schemas[Name]>;

export type Status = Schemas["Status"];
export type AnswerChange = Of<"AnswerChange">;
export type Attempt = Of<"Attempt">;
export type Call = Of<"Call">;
export type CallId = Of<"CallId">;
export type CallList = Of<"CallList">;
export type CauseShare = Of<"CauseShare">;
export type Counts = Of<"Counts">;
export type Culprit = Of<"Culprit">;
export type Dependency = Of<"Dependency">;
export type DependencyList = Of<"DependencyList">;
export type Diagnosis = Of<"Diagnosis">;
export type Differences = Of<"Differences">;
export type Distinction = Of<"Distinction">;
export type DurationTrend = Of<"DurationTrend">;
export type Exchange = Of<"Exchange">;
export type Finding = Of<"Finding">;
export type FlakeRates = Of<"FlakeRates">;
export type Gap = Of<"Gap">;
export type Graph = Of<"Graph">;
export type GraphEdge = Of<"Edge">;
export type GraphNode = Of<"Node">;
export type Head = Of<"Head">;
export type Hit = Of<"Hit">;
export type Incident = Of<"Incident">;
export type IncidentList = Of<"IncidentList">;
export type ListedRun = Of<"ListedRun">;
export type ListedTest = Of<"ListedTest">;
export type LogList = Of<"LogList">;
export type LogRecord = Of<"Record">;
export type Message = Of<"Message">;
export type NamedTest = Of<"NamedTest">;
export type Novelty = Of<"Novelty">;
export type Oddity = Of<"Oddity">;
export type OutcomeCount = Of<"OutcomeCount">;
export type Past = Of<"Past">;
export type Poll = Of<"Poll">;
export type Rate = Of<"Rate">;
export type Run = Of<"Run">;
export type RunDocument = Of<"Document">;
export type RunOutage = Of<"RunOutage">;
export type RunPage = Of<"RunPage">;
export type RunRow = Of<"RunRow">;
export type Seen = Of<"Seen">;
export type SpanDetail = Of<"SpanDetail">;
export type Spread = Of<"Spread">;
export type Test = Of<"Test">;
export type TestError = Of<"Error">;
export type TestHistory = Of<"TestHistory">;
export type TestList = Of<"TestList">;
export type Timing = Of<"Timing">;
export type Try = Of<"Try">;
export type Unlike = Of<"Unlike">;
