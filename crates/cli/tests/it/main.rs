//! The real binary, as users and CI call it: what it prints, how it ends, and what is in the store afterwards.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod handed_out;
#[cfg(test)]
mod passthrough;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod sandbox;
