"""Readers that tell of what passes through them: of an answer in the place of its buffered reader, of a request in the
place of the file that is sent."""

import io

from .guard import guard


class Reader(io.BufferedReader):
    """The reader of an answer. Until it is told to `follow` a call it only reads."""

    _call = None

    def follow(self, call):
        self._call = call

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
            count = read(buffer)
        except BaseException as error:
            _failed(call, error)
            raise
        length = len(memoryview(buffer).cast("B"))
        _received(call, bytes(memoryview(buffer).cast("B")[: count or 0]), length > 0 and (not count or (whole and count < length)))
        return count

    def close(self):
        call, self._call = self._call, None
        super().close()
        if call is not None:
            _closed(call)


@guard("http body")
def _received(call, data, ended):
    if data:
        call.received(data)
    if ended and not call.exchange.done:
        call.ended()


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


@guard("stream failed")
def _stream_failed(watcher, error):
    if not isinstance(error, GeneratorExit):
        watcher.failed(error)


def stream_of(stream, watcher, is_async):
    """Stands in for an iterable body."""
    return (_AsyncStream if is_async else _Stream)(stream, watcher)
