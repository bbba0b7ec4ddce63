//! The masking key: where it comes from, how it is kept, and the pseudonyms that it makes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Width of the key in bytes.
const BYTES: usize = 32;

/// The key of the pseudonyms. Shows only its id when printed for debugging.
#[derive(Clone)]
pub struct Key {
    bytes: [u8; BYTES],
    id: String,
    /// The hash with the key already in it, so that a pseudonym costs no key schedule.
    keyed: Hmac<Sha256>,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not a key.
    #[error("read the masking key: expected 64 hex digits")]
    Malformed,
    /// The system gives no random numbers.
    #[error("make a masking key: the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// The file cannot be read or written.
    #[error("keep the masking key: {source}: {}", path.display())]
    File {
        /// What the system says.
        source: io::Error,
        /// Where.
        path: PathBuf,
    },
}

impl Key {
    /// A new random key.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(KeyError::Random)?;
        Self::from_bytes(bytes)
    }

    /// The key that 64 hex digits name, as in `FLAKESCOPE_MASK_KEY`. White space around it is ignored.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.len() != 2 * BYTES || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(KeyError::Malformed);
        }
        let mut bytes = [0; BYTES];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16)
                .map_err(|_| KeyError::Malformed)?;
        }
        Self::from_bytes(bytes)
    }

    /// The key kept in the file, which is made with mode 0600 when it is not there. Two processes that do this at once
    /// end up with the same key: the file appears whole, by a hard link that only one of them can make.
    ///
    /// # Errors
    /// When the file cannot be read or written, or holds something else.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::File {
            source,
            path: path.to_owned(),
        };
        match read(path) {
            Ok(text) => return Self::from_hex(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let key = Self::generate()?;
        let draft = path.with_extension(format!("{}.new", random_name()?));
        write_private(&draft, key.to_hex().as_bytes()).map_err(failed)?;
        let linked = fs::hard_link(&draft, path);
        // The draft has served, whether or not ours was the first.
        let _ = fs::remove_file(&draft);
        match linked {
            Ok(()) => Ok(key),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::from_hex(&read(path).map_err(failed)?)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// 4 hex digits by which values under different keys are told apart.
    #[must_use]
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// The key as 64 hex digits, for the spool folder that only its owner can open.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.bytes)
    }

    /// The first six bytes of the keyed hash of a value, as 12 hex digits.
    pub(crate) fn hash(&self, value: &[u8]) -> String {
        let mut keyed = self.keyed.clone();
        keyed.update(value);
        hex(&keyed.finalize().into_bytes()[..6])
    }

    /// What stands in the place of a value: `[masked:<key id>:<hash>]`.
    pub(crate) fn pseudonym(&self, value: &[u8]) -> String {
        format!("[masked:{}:{}]", self.id, self.hash(value))
    }

    fn from_bytes(bytes: [u8; BYTES]) -> Result<Self, KeyError> {
        let id = Sha256::new_with_prefix(b"flakescope-key-id")
            .chain_update(bytes)
            .finalize();
        Ok(Self {
            bytes,
            id: hex(&id[..2]),
            keyed: Hmac::new_from_slice(&bytes).map_err(|_| KeyError::Malformed)?,
        })
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// Writes a file that only its owner can read, and that must not be there yet.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    // A key has 64 digits and perhaps a newline; whatever is longer is not one.
    File::open(path)?.take(256).read_to_string(&mut text)?;
    Ok(text)
}

fn random_name() -> Result<String, KeyError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(KeyError::Random)?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::*;

    #[test]
    fn pseudonyms_are_those_of_the_protocol() {
        // Computed with Python's hashlib and hmac from the words of protocol/masking.md.
        let key = Key::from_hex(&"07".repeat(32)).unwrap();
        assert_eq!(key.pseudonym(b"hunter22"), "[masked:0944:4a9df74f9d94]");
        assert_eq!(format!("{key:?}"), "Key(0944)");
    }

    #[test]
    fn only_64_hex_digits_are_a_key() {
        let check =
            |text: &str, good: bool| assert_eq!(Key::from_hex(text).is_ok(), good, "{text}");
        check(&"aF".repeat(32), true);
        check(&format!("{}\n", "00".repeat(32)), true);
        check(&"0".repeat(63), false);
        check(&"0g".repeat(32), false);
        check(&"é".repeat(32), false);
        check("", false);
    }

    #[test]
    fn all_who_ask_at_once_get_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let keys: Vec<String> = thread::scope(|scope| {
            let askers: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| Key::load_or_create(&path).unwrap().to_hex()))
                .collect();
            askers
                .into_iter()
                .map(|asker| asker.join().unwrap())
                .collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_holds_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "mine").unwrap();
        assert!(Key::load_or_create(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }
}
