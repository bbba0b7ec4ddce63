//! What to write into `flakescope.toml` about peers that nobody declared: ready to be pasted, and to be thought about.

use server::document::UndeclaredPeer;

/// The lines of a `[[peer]]` table for each of these.
pub(crate) fn lines(peers: &[UndeclaredPeer]) -> Vec<String> {
    let mut lines = Vec::new();
    for peer in peers {
        lines.push("[[peer]]".to_owned());
        lines.push(format!("name = {}", quoted(&peer.name)));
        if let Some(process) = &peer.process {
            lines.push(format!("process = {}", quoted(process)));
        }
        if let Some(host) = &peer.host {
            lines.push(format!("hosts = [{}]", quoted(host)));
        }
        let others = match peer.role.as_str() {
            "product" => "or \"dependency\", if it stands in for one",
            _ => "or \"product\", \"infrastructure\"",
        };
        lines.push(format!("role = {}  # {others}", quoted(&peer.role)));
    }
    lines
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_can_be_read() {
        let peers = [
            UndeclaredPeer {
                name: "stock \"1\"\n".into(),
                host: None,
                process: Some("stock.js".into()),
                role: "product".into(),
            },
            UndeclaredPeer {
                name: "127.0.0.1:4100".into(),
                host: Some("127.0.0.1:4100".into()),
                process: None,
                role: "dependency".into(),
            },
        ];
        let text = lines(&peers).join("\n");
        let (config, mistakes) = crate::config::parse("flakescope.toml".into(), text.clone());
        assert!(mistakes.is_none(), "{text}");
        let found: Vec<_> = config
            .peers
            .iter()
            .map(|peer| {
                (
                    peer.name.as_str(),
                    peer.process.as_deref(),
                    peer.hosts.len(),
                )
            })
            .collect();
        let expected = [
            ("stock \"1\"\n", Some("stock.js"), 0),
            ("127.0.0.1:4100", None, 1),
        ];
        assert_eq!(found, expected, "{text}");
    }
}
