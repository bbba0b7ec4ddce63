//! The nouns of Flakescope: run, test, attempt, span, exchange, log, gap, evidence, diagnosis.
