"""The agent. Nothing happens on import: `start.start` begins, and only in a process that is to be recorded."""

VERSION = "0.1.0"
