//! What a process is called.

use model::{Attributes, attribute};

/// The service that a resource describes, else its runtime.
pub(crate) fn name(resource: &Attributes) -> String {
    resource
        .str(attribute::SERVICE_NAME)
        .or_else(|| resource.str(attribute::RUNTIME_NAME))
        .unwrap_or("unknown service")
        .to_owned()
}
