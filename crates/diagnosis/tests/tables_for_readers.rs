//! The truth table of each rule, and of what links, excuses and moves a call, stands in `docs/concepts/causes.md` too, row by row.

use std::fs;
use std::path::Path;

fn plain(line: &str) -> String {
    line.chars()
        .filter(|character| !matches!(character, '`' | '*'))
        .collect()
}

#[test]
fn every_row_of_a_rule_is_on_the_page() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = plain(&fs::read_to_string(
        root.join("../../docs/concepts/causes.md"),
    )?);
    let mut rows = 0;
    let rules: Result<Vec<_>, _> = fs::read_dir(root.join("src/rules"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let others = [
        "relevance.rs",
        "elsewhere.rs",
        "busy.rs",
        "entities.rs",
        "neighbours.rs",
        "filters.rs",
        "relations.rs",
    ];
    let others = others.map(|name| root.join("src").join(name));
    for file in rules?.into_iter().chain(others) {
        let source = fs::read_to_string(&file)?;
        for row in source.lines().filter_map(|line| line.strip_prefix("//! |")) {
            rows += 1;
            assert!(page.contains(&plain(row)), "{}: {row}", file.display());
        }
    }
    assert!(rows > 50, "{rows}");
    Ok(())
}
