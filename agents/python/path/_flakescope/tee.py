"""Readers that tell of what passes through them: of an answer in the place of its buffered reader, of a request in the
place of the file that is sent."""

import io
import select
import socket

from .guard import guard

# What of an answer that nobody reads is looked for in the connection.
UNREAD_BYTES = 64 * 1024
# As they are before a test puts something in their place.
_Socket, _SocketIO, _poll = socket.socket, socket.SocketIO, select.poll
_LOOK = socket.MSG_PEEK | socket.MSG_DONTWAIT


class Reader(io.BufferedReader):
    """The reader of an answer. Until it is told to `follow` a call it only reads."""

    _call = None

    def follow(self, call):
        self._call = call

    def arrived(self):
        """What has been read ahead of the client. Nothing is taken, and nothing asked of the connection."""
        raw = self.raw
        if type(raw) is not _SocketIO:
            return b""
        # An empty buffer is filled, were it not told that there is nothing.
        raw.readinto = _nothing
        try:
            return self.peek()
        finally:
            del raw.readinto

    def read(self, size=-1):
        return self._told(super().read, size, True)

    def read1(self, size=-1):
        return self._told(super().read1, size, False)

    def readline(self, size=-1):
        return self._told(super().readline, size, False)

    def readinto(self, buffer):
        return self._filled(super().readinto, buffer, True)

    def readinto1(self, buffer):
        return self._filled(super().readinto1, buffer, False)

    def _told(self, read, size, whole):
        __tracebackhide__ = True
        call = self._call
        if call is None:
            return read(size)
        try:
            _reading(call, True)
            data = read(size)
        except BaseException as error:
            _failed(call, error)
            raise
        to_end = size is None or size < 0
        _received(call, data, not data and size != 0 if not whole else to_end or len(data) < size)
        return data

    def _filled(self, read, buffer, whole):
        __tracebackhide__ = True
        call = self._call
        if call is None:
            return read(buffer)
        try:
            _reading(call, True)
            count = read(buffer)
        except BaseException as error:
            _failed(call, error)
            raise
        length = len(memoryview(buffer).cast("B"))
        _received(call, bytes(memoryview(buffer).cast("B")[: count or 0]), length > 0 and (not count or (whole and count < length)))
        return count

    def close(self):
        call, self._call = self._call, None
        if call is not None and not call.exchange.done:
            _closing(call, self)
        super().close()
        if call is not None:
            _closed(call)


def _nothing(_buffer):
    """What a reader says that would have to wait."""


def waiting(sock):
    """What has arrived at a connection and was not read. Nothing is taken, and nothing is waited for."""
    if type(sock) is not _Socket or sock.fileno() < 0:
        return b""
    poll = _poll()
    poll.register(sock.fileno(), select.POLLIN)
    return sock.recv(UNREAD_BYTES, _LOOK) if poll.poll(0) else b""


@guard("http body closing")
def _closing(call, reader):
    try:
        call.closing(reader.arrived() + waiting(getattr(reader.raw, "_sock", None)))
    except (OSError, ValueError):
        # Closed already, or reset: then nothing is known of the rest.
        pass


@guard("http body read")
def _reading(call, begins):
    call.reading(begins)


@guard("http body")
def _received(call, data, ended):
    if data:
        call.received(data)
    if ended and not call.exchange.done:
        call.ended()
    call.reading(False)


@guard("http body failed")
def _failed(call, error):
    call.failed(error)


@guard("http body closed")
def _closed(call):
    call.closed()


class _Source:
    """A file that is sent: `http.client` only reads it."""

    __slots__ = ("_file", "_tell")

    def __init__(self, file, tell):
        self._file = file
        self._tell = tell

    def read(self, *size):
        __tracebackhide__ = True
        data = self._file.read(*size)
        self._tell(data)
        return data


class _TextSource(io.TextIOBase):
    """The same for a text file, which is sent as Latin-1."""

    def __init__(self, file, tell):
        self._file = file
        self._tell = tell

    def read(self, *size):
        __tracebackhide__ = True
        text = self._file.read(*size)
        self._tell(text)
        return text


def reader_of(file, sent):
    """Stands in for `file` while it is sent, and tells `sent` of the bytes."""
    @guard("http file")
    def tell(data):
        sent(data.encode("iso-8859-1") if isinstance(data, str) else data)

    return (_TextSource if isinstance(file, io.TextIOBase) else _Source)(file, tell)


class _Stream:
    """The parts of a body, handed on as they come. `watcher` is told of them, and of the end."""

    def __init__(self, stream, watcher):
        self._stream = stream
        self._watcher = watcher

    def __iter__(self):
        __tracebackhide__ = True
        try:
            for part in self._stream:
                _part(self._watcher, part)
                yield part
        except BaseException as error:
            _stream_failed(self._watcher, error)
            raise
        _stream_ended(self._watcher)

    def close(self):
        _stream_closing(self._watcher)
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()
        _closed(self._watcher)


class _AsyncStream:
    """The same for an asynchronous body."""

    def __init__(self, stream, watcher):
        self._stream = stream
        self._watcher = watcher

    async def __aiter__(self):
        __tracebackhide__ = True
        try:
            async for part in self._stream:
                _part(self._watcher, part)
                yield part
        except BaseException as error:
            _stream_failed(self._watcher, error)
            raise
        _stream_ended(self._watcher)

    async def aclose(self):
        _stream_closing(self._watcher)
        close = getattr(self._stream, "aclose", None)
        if close is not None:
            await close()
        _closed(self._watcher)


@guard("stream part")
def _part(watcher, part):
    watcher.received(part)


@guard("stream end")
def _stream_ended(watcher):
    watcher.ended()


@guard("stream closing")
def _stream_closing(watcher):
    try:
        watcher.closing()
    except (OSError, ValueError):
        # As above.
        pass


@guard("stream failed")
def _stream_failed(watcher, error):
    if not isinstance(error, GeneratorExit):
        watcher.failed(error)


def stream_of(stream, watcher, is_async):
    """Stands in for an iterable body."""
    return (_AsyncStream if is_async else _Stream)(stream, watcher)
