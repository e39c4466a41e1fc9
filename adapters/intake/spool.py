"""The rows that were judged good, kept in an unnamed file on disk: what was judged is what is recorded, byte for byte."""

import tempfile
from collections.abc import Iterator
from typing import Final, Self

import msgspec

from adapters.intake.table import Row

CHUNK: Final = 1_000
_LENGTH_BYTES: Final = 4

_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(list[tuple[int, Row]]).decode


class Spool:
    """Rows with what was said of each, in the order of the file."""

    def __init__(self) -> None:
        self._held: list[tuple[int, Row]] = []

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile()
        return self

    def __exit__(self, *_: object) -> None:
        """The file has no name: closed, it is gone."""
        self._file.close()

    def put(self, verdict: int, row: Row) -> None:
        """Keep a row."""
        self._held.append((verdict, row))
        if len(self._held) >= CHUNK:
            self._flush()

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row kept, from the first."""
        self._flush()
        self._file.seek(0)
        while head := self._file.read(_LENGTH_BYTES):
            yield from _decode(self._file.read(int.from_bytes(head, "big")))

    def _flush(self) -> None:
        block = _encode(self._held)
        self._file.write(len(block).to_bytes(_LENGTH_BYTES, "big") + block)
        self._held.clear()
