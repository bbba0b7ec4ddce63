//! What a process is called, from what it says of itself and how it was started.

use std::path::Path;

use crate::{Attributes, attribute};

/// The name that a service gave itself. The defaults that OpenTelemetry SDKs make up say nothing.
#[must_use]
pub fn own_name(resource: &Attributes) -> Option<&str> {
    let name = resource.str(attribute::SERVICE_NAME)?;
    let is_default = name.is_empty() || name.starts_with("unknown_service");
    (!is_default).then_some(name)
}

/// The script of a command line, else its program.
#[must_use]
pub fn program(command: &[String]) -> Option<&str> {
    command
        .iter()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .or_else(|| command.first())
        .map(String::as_str)
}

/// The name of a command line's script, else of its program, without its folder.
#[must_use]
pub fn program_name(command: &[String]) -> Option<String> {
    let name = Path::new(program(command)?).file_name()?;
    Some(name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;

    #[test]
    fn a_service_has_the_name_that_it_chose() {
        let check = |name: &str, expected: Option<&str>| {
            let resource: Attributes = [(attribute::SERVICE_NAME, Value::from(name))]
                .into_iter()
                .collect();
            assert_eq!(own_name(&resource), expected, "{name}");
        };
        check("orders", Some("orders"));
        check("unknown_service", None);
        check("unknown_service:node", None);
        check("", None);
        assert_eq!(own_name(&Attributes::new()), None);
    }

    #[test]
    fn a_program_is_its_script() {
        let check = |command: &[&str], expected: Option<&str>| {
            let command: Vec<String> = command.iter().map(|&part| part.to_owned()).collect();
            assert_eq!(program_name(&command).as_deref(), expected, "{command:?}");
        };
        check(&["node", "server.js"], Some("server.js"));
        let flags = ["/usr/bin/node", "--inspect", "/p/api/main.mjs", "--port=1"];
        check(&flags, Some("main.mjs"));
        check(&["/usr/bin/node", "--eval"], Some("node"));
        check(&[], None);
    }
}
