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
