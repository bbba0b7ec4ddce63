"""A body as it passes by: a bounded copy of its beginning, the length and the keyed hash of the whole."""

import binascii

from .pseudonym import digest, hasher


class Body:
    """`limit` is the number of bytes that are kept."""

    __slots__ = ("limit", "size", "kept", "_hash", "_digest", "_sealed")

    def __init__(self, limit):
        self.limit = limit
        self.size = 0
        self.kept = bytearray()
        self._hash = None
        self._digest = None
        self._sealed = False

    def add(self, data):
        """Takes a copy of `data`, as its owner may reuse it."""
        if not data or self._sealed:
            return
        length = len(data)
        self.size += length
        room = self.limit - len(self.kept)
        if length > room and self._hash is None:
            # From here on more passes by than is kept, so the hash is fed as it does.
            self._hash = hasher()
            if self._hash:
                self._hash.update(self.kept)
        if self._hash:
            self._hash.update(data)
        if room > 0:
            self.kept += data if length <= room else bytes(data)[:room]

    def add_given(self, data):
        """Takes what a client was given as a body, as far as it can be seen without taking it."""
        if isinstance(data, str):
            data = data.encode("utf-8", "replace")
        if isinstance(data, (bytes, bytearray)):
            self.add(data)

    @property
    def truncated(self):
        return self.size > len(self.kept)

    def seal(self):
        """The body is over: first 16 bytes of its keyed hash as hex; None when it is empty or without a key."""
        if not self._sealed:
            self._sealed = True
            if self.size > 0:
                whole = self._hash.hexdigest() if self._hash else digest(self.kept)
                self._digest = whole and whole[:32]
        return self._digest

    def content(self, coded):
        """The content as an attribute value: text where it is text and not coded, else bytes."""
        text = None if coded else _as_text(self.kept, self.truncated)
        if text is not None:
            return text
        return {"$bytes": binascii.b2a_base64(self.kept, newline=False).decode("ascii")}


def _as_text(data, is_prefix):
    """The text that the bytes are, or None; a prefix may end within a character."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # Three bytes at most can be missing of a character.
        if is_prefix and len(data) - error.start <= 3 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
        return None


class Chunks:
    """Takes the framing of a chunked body away: `feed` gives the payload that is in what has arrived."""

    __slots__ = ("_left", "_line", "over")

    def __init__(self):
        # Bytes of the chunk that are to come with its closing line break; None while its size is read.
        self._left = None
        self._line = bytearray()
        self.over = False

    def feed(self, data):
        payload = bytearray()
        at = 0
        while at < len(data) and not self.over:
            if self._left is None:
                at = self._size(data, at)
            else:
                take = min(len(data) - at, self._left)
                payload += data[at : at + max(0, min(take, self._left - 2))]
                self._left -= take
                at += take
                if self._left == 0:
                    self._left = None
        return payload

    def _size(self, data, at):
        end = data.find(b"\n", at)
        if end < 0:
            self._line += data[at:]
            return len(data)
        self._line += data[at:end]
        size = int(bytes(self._line).partition(b";")[0].strip() or b"0", 16)
        self._line.clear()
        self.over = size == 0
        self._left = size + 2
        return end + 1
