//! Builds the crate again when the web pages were built again: they are embedded as they are found.

fn main() {
    println!("cargo::rerun-if-changed=../../ui/dist");
}
