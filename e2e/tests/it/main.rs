//! The real binary against real test runners: what a user sees, what is recorded, and that nothing of it changes a test.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod example;
#[cfg(test)]
mod history;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod insights;
#[cfg(test)]
mod jest;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod lumigo;
#[cfg(test)]
mod node_test;
#[cfg(test)]
mod otlp;
#[cfg(test)]
mod python;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod support;
#[cfg(test)]
mod transparent;
#[cfg(test)]
mod unlike;
#[cfg(test)]
mod vitest;
#[cfg(test)]
mod webhooks;
