//! The lines of an archive: writing them, compressing them, and reading them back one by one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use model::{Log, Resource, Span};
use serde::{Deserialize, Serialize};

use crate::error::Problems;
use crate::scalar::{As, Shape};
use crate::version::{Header, Kind, check_header};
use crate::{ArchiveError, Problem};

/// The most bytes that an archive may have, uncompressed: 512 MiB. Neither written nor read beyond.
pub const SIZE_LIMIT: usize = 512 << 20;

/// The most bytes that a line may have: 64 MiB. A longer one is a problem, and is skipped.
pub const LINE_LIMIT: usize = 64 << 20;

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Collects the lines of an archive.
pub(crate) struct Writer {
    text: Vec<u8>,
    resources: HashMap<String, u32>,
    /// Resources by address, so that a shared one is compared once only.
    known: HashMap<*const Resource, u32>,
}

/// Where a record belongs.
#[derive(Default)]
pub(crate) struct Place {
    /// The part of the archive.
    pub(crate) part: Option<String>,
    /// The recording, where it is not that of the record's own trace.
    pub(crate) of: Option<String>,
}

/// A line: what it is, to which part of the archive it belongs, and its content.
#[derive(Serialize)]
struct Line<'a, T> {
    t: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<u32>,
    #[serde(flatten)]
    content: T,
}

impl Writer {
    pub(crate) fn new(kind: Kind) -> Result<Self, ArchiveError> {
        let mut writer = Self {
            text: Vec::new(),
            resources: HashMap::new(),
            known: HashMap::new(),
        };
        writer.push(&Header::new(kind))?;
        Ok(writer)
    }

    pub(crate) fn line(
        &mut self,
        t: &str,
        part: Option<&str>,
        content: &impl Shape,
    ) -> Result<(), ArchiveError> {
        self.push(&Line {
            t,
            part,
            of: None,
            resource: None,
            content: As(content),
        })
    }

    /// A line whose content has no shape of its own.
    pub(crate) fn plain(&mut self, t: &str, content: impl Serialize) -> Result<(), ArchiveError> {
        self.push(&Line {
            t,
            part: None,
            of: None,
            resource: None,
            content,
        })
    }

    /// Lines of the same kind and part.
    pub(crate) fn lines(
        &mut self,
        t: &str,
        part: Option<&str>,
        contents: &[impl Shape],
    ) -> Result<(), ArchiveError> {
        contents
            .iter()
            .try_for_each(|content| self.line(t, part, content))
    }

    pub(crate) fn span(&mut self, place: &Place, span: &Span) -> Result<(), ArchiveError> {
        let resource = self.resource(&span.resource)?;
        self.record("span", place, resource, As(span))
    }

    pub(crate) fn log(&mut self, place: &Place, log: &Log) -> Result<(), ArchiveError> {
        let resource = self.resource(&log.resource)?;
        self.record("log", place, resource, As(log))
    }

    /// The text as it is.
    pub(crate) fn into_text(self) -> Vec<u8> {
        self.text
    }

    /// The text, compressed, with a checksum: a flipped bit must not become another text.
    pub(crate) fn compress(self, level: i32) -> Result<Vec<u8>, ArchiveError> {
        let compress = || {
            let mut compressor = zstd::bulk::Compressor::new(level)?;
            compressor.include_checksum(true)?;
            compressor.compress(&self.text)
        };
        compress().map_err(|error| ArchiveError::Write(error.to_string()))
    }

    fn record(
        &mut self,
        t: &str,
        place: &Place,
        resource: Option<u32>,
        content: impl Serialize,
    ) -> Result<(), ArchiveError> {
        self.push(&Line {
            t,
            part: place.part.as_deref(),
            of: place.of.as_deref(),
            resource,
            content,
        })
    }

    /// The index of a resource, which is written when it is first seen. None for one that says nothing.
    fn resource(&mut self, resource: &Arc<Resource>) -> Result<Option<u32>, ArchiveError> {
        if resource.attributes.is_empty() {
            return Ok(None);
        }
        let address = Arc::as_ptr(resource);
        if let Some(index) = self.known.get(&address) {
            return Ok(Some(*index));
        }
        let text = serde_json::to_string(&As(&resource.attributes))
            .map_err(|error| ArchiveError::Write(error.to_string()))?;
        let next = u32::try_from(self.resources.len()).unwrap_or(u32::MAX);
        let (index, is_new) = match self.resources.get(&text) {
            Some(index) => (*index, false),
            None => (next, true),
        };
        if is_new {
            let content = As(resource.as_ref());
            self.record("resource", &Place::default(), Some(index), content)?;
            self.resources.insert(text, index);
        }
        self.known.insert(address, index);
        Ok(Some(index))
    }

    fn push(&mut self, line: &impl Serialize) -> Result<(), ArchiveError> {
        serde_json::to_writer(&mut self.text, line)
            .map_err(|error| ArchiveError::Write(error.to_string()))?;
        self.text.push(b'\n');
        if self.text.len() > SIZE_LIMIT {
            return Err(ArchiveError::TooLarge { limit: SIZE_LIMIT });
        }
        Ok(())
    }
}

/// A line as it is read: what it is, and its text for [`Record::content`].
pub(crate) struct Record<'a> {
    pub(crate) t: Cow<'a, str>,
    pub(crate) part: Option<Cow<'a, str>>,
    pub(crate) of: Option<Cow<'a, str>>,
    resource: Option<u32>,
    text: &'a [u8],
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
    #[serde(borrow, default)]
    part: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    of: Option<Cow<'a, str>>,
    #[serde(default)]
    resource: Option<u32>,
}

impl Record<'_> {
    /// The content, of the type that its `t` says.
    pub(crate) fn content<T: Shape>(&self) -> Result<T, String> {
        self.plain::<As<T>>().map(|content| content.0)
    }

    /// The content, of a type without a shape of its own.
    pub(crate) fn plain<T: for<'de> Deserialize<'de>>(&self) -> Result<T, String> {
        serde_json::from_slice(self.text).map_err(|error| error.to_string())
    }
}

/// The resources that were read so far.
#[derive(Default)]
pub(crate) struct Resources(HashMap<u32, Arc<Resource>>);

impl Resources {
    pub(crate) fn read(&mut self, record: &Record<'_>) -> Result<(), String> {
        let index = record.resource.ok_or("a resource without its number")?;
        self.0.insert(index, Arc::new(record.content()?));
        Ok(())
    }

    pub(crate) fn span(&self, record: &Record<'_>) -> Result<Span, String> {
        let mut span: Span = record.content()?;
        span.resource = self.of(record);
        Ok(span)
    }

    pub(crate) fn log(&self, record: &Record<'_>) -> Result<Log, String> {
        let mut log: Log = record.content()?;
        log.resource = self.of(record);
        Ok(log)
    }

    /// A resource whose line was lost is empty; the loss of the line is a problem already.
    fn of(&self, record: &Record<'_>) -> Arc<Resource> {
        let known = record.resource.and_then(|index| self.0.get(&index));
        known.cloned().unwrap_or_default()
    }
}

/// Reads an archive of `kind`, compressed or not, and gives every line to `take`, which says what is wrong with it.
pub(crate) fn read(
    bytes: &[u8],
    kind: Kind,
    mut take: impl FnMut(&Record<'_>) -> Result<(), String>,
) -> Result<Vec<Problem>, ArchiveError> {
    let mut lines = Lines::new(bytes)?;
    let mut problems = Problems::default();
    match lines.next() {
        Some(Ok(header)) => check_header(header, kind)?,
        _ => return Err(ArchiveError::NotAnArchive),
    }
    while let Some(line) = lines.next() {
        let result = line.and_then(|text| {
            if text.iter().all(u8::is_ascii_whitespace) {
                return Ok(());
            }
            let head: Envelope<'_> =
                serde_json::from_slice(text).map_err(|error| error.to_string())?;
            take(&Record {
                t: head.t,
                part: head.part,
                of: head.of,
                resource: head.resource,
                text,
            })
        });
        if let Err(reason) = result {
            problems.add(lines.number, &reason);
        }
    }
    if lines.too_large() {
        return Err(ArchiveError::TooLarge { limit: SIZE_LIMIT });
    }
    Ok(problems.into_vec(lines.number))
}

/// Lines of bytes, bounded in length and in sum.
struct Lines<'a> {
    input: std::io::Take<Box<dyn BufRead + 'a>>,
    buffer: Vec<u8>,
    number: u64,
    ended: bool,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, ArchiveError> {
        let input: Box<dyn BufRead + 'a> = if bytes.starts_with(&ZSTD_MAGIC) {
            let decoder = zstd::stream::read::Decoder::with_buffer(bytes)
                .map_err(|_| ArchiveError::NotAnArchive)?;
            Box::new(BufReader::new(decoder))
        } else {
            Box::new(bytes)
        };
        Ok(Self {
            // One byte more than allowed, so that what is too large can be told from what just fits.
            input: input.take(SIZE_LIMIT as u64 + 1),
            buffer: Vec::new(),
            number: 0,
            ended: false,
        })
    }

    /// The next line without its end, or what is wrong with it.
    fn next(&mut self) -> Option<Result<&[u8], String>> {
        if self.ended {
            return None;
        }
        self.buffer.clear();
        self.number += 1;
        match self.input.read_until(b'\n', &mut self.buffer) {
            Ok(0) => {
                self.ended = true;
                None
            }
            Ok(_) if self.buffer.len() > LINE_LIMIT => {
                Some(Err(format!("longer than {LINE_LIMIT} bytes")))
            }
            Ok(_) => Some(Ok(self.buffer.trim_ascii_end())),
            Err(error) => {
                self.ended = true;
                Some(Err(format!("the archive ends early: {error}")))
            }
        }
    }

    fn too_large(&self) -> bool {
        self.input.limit() == 0
    }
}
