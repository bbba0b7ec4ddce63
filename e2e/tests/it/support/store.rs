//! Everything that a store holds, in the clear: the raw files, and what is compressed in the database.

use std::fs;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

/// All bytes of the store in `folder`, compressed values decompressed.
pub(crate) fn contents(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut databases = 0;
    for path in files(folder) {
        let raw = fs::read(&path).unwrap();
        if raw.starts_with(b"SQLite format 3\0") {
            databases += 1;
            add_values(&path, &mut bytes);
        }
        bytes.extend(raw);
    }
    assert!(databases > 0, "no database in {}", folder.display());
    bytes
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}

fn add_values(database: &Path, bytes: &mut Vec<u8>) {
    let connection =
        Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .unwrap();
    let names = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    let tables: Vec<String> = names.map(Result::unwrap).collect();
    assert!(!tables.is_empty());
    for table in tables {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM \"{table}\""))
            .unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                if let ValueRef::Blob(value) | ValueRef::Text(value) = row.get_ref(column).unwrap()
                {
                    add_value(value, bytes);
                }
            }
        }
    }
}

fn add_value(value: &[u8], bytes: &mut Vec<u8>) {
    const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    bytes.extend_from_slice(value);
    let frames = value
        .windows(4)
        .enumerate()
        .filter(|(_, window)| *window == ZSTD);
    for (start, _) in frames {
        if let Ok(clear) = zstd::decode_all(&value[start..]) {
            bytes.extend(clear);
        }
    }
}
