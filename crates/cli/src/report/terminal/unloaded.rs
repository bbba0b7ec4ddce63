//! Why a command has loaded no agent, as far as its own words say so.

/// What a reader can look at. An agent is loaded by what stands in the environment.
pub(super) fn why(command: &[String]) -> &'static str {
    if says_permission(command) {
        return "Node's permission model keeps the agent from its files.";
    }
    if empties_environment(command) {
        return "`env -i` takes away the environment, by which an agent is loaded.";
    }
    if isolates_python(command) {
        return "Python is told (-I, -E) not to look at its environment, by which the agent is loaded.";
    }
    "Are NODE_OPTIONS or PYTHONPATH replaced by a wrapper or a script? Is the command a Node or Python program at all?"
}

/// The name of a program, without its folder.
fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// The options behind the first program for which this holds.
fn options(command: &[String], is_program: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
    let behind = command
        .iter()
        .skip_while(move |word| !is_program(base(word)));
    behind
        .skip(1)
        .map(String::as_str)
        .take_while(|word| word.starts_with('-'))
}

fn says_permission(command: &[String]) -> bool {
    options(command, |name| name == "node")
        .any(|word| word == "--permission" || word == "--experimental-permission")
}

fn empties_environment(command: &[String]) -> bool {
    options(command, |name| name == "env")
        .any(|word| word == "-" || word == "-i" || word == "--ignore-environment")
}

fn isolates_python(command: &[String]) -> bool {
    options(command, |name| name.starts_with("python"))
        .take_while(|word| !word.starts_with("-m") && !word.starts_with("-c"))
        .any(|word| !word.starts_with("--") && word.contains(['I', 'E']))
}

#[cfg(test)]
mod tests {
    use super::why;

    #[test]
    fn the_command_says_why_nothing_was_loaded() {
        let check = |command: &[&str], expected: &str| {
            let command: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
            let found = why(&command);
            assert!(found.contains(expected), "{command:?}: {found}");
        };
        check(&["node", "--permission", "t.js"], "permission model");
        check(&["env", "-i", "PATH=/bin", "node", "t.js"], "`env -i`");
        check(&["/usr/bin/env", "-i", "node", "t.js"], "`env -i`");
        check(&["python3.12", "-I", "-m", "pytest"], "(-I, -E)");
        check(
            &["env", "A=1", "/v/bin/python", "-B", "-sE", "t.py"],
            "(-I, -E)",
        );
        check(&["python", "-m", "pytest", "-E"], "replaced by a wrapper");
        check(&["python", "-W", "Ignore", "t.py"], "replaced by a wrapper");
        check(&["node", "t.js", "--permission"], "replaced by a wrapper");
        check(&["make", "test"], "replaced by a wrapper");
        check(&[], "replaced by a wrapper");
    }
}
