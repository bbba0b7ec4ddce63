// The timeline of a recording: what the page sees of it. Framework-free; the page gives an element and data, and hears of
// what the reader does.
export type { Mark, TimelineData } from "./data";
export { FLAG, KIND, NO_PEER, NONE, rowOf, spanId } from "./data";
export { decodeTimeline } from "./decode";
export { type LogMoment, mountTimeline, type TimelineHandle, type TimelineOptions, type Window } from "./mount";
export { TIMELINE_KEYS } from "./press";
