"""Checksums that locate a changed value among imported rows.

The event of an import proves its rows with one SHA-256, which does not show which row was changed.
The event therefore also contains two sums for each column, modulo a prime: the sum of the CRC-32
of each value, and the sum of each CRC-32 multiplied by the row's position. If one value in a column
was changed, the differences in both sums give its position. The sums prove nothing: if several
values in a column were changed, or a new value has the same CRC-32, only the SHA-256 reveals the
change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import mul
from typing import Final
from zlib import crc32

from gatepost_persistence.mapping.recorded_tables import encode_canonical

PRIME: Final = 2**61 - 1

Sums = Mapping[str, Sequence[int]]
"""The two sums for each column."""


class ColumnChecksums:
    """The two sums for each column, computed from rows that are added in batches."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._plain = [0] * len(columns)
        self._weighted = [0] * len(columns)
        self._count = 0

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Add rows, given as the values of the columns; Booleans must be integers."""
        first, rows = self._count + 1, list(rows)
        for index, values in enumerate(zip(*rows, strict=True)):
            checksums = [crc32(encode_canonical(value)) for value in values]
            self._plain[index] += sum(checksums)
            self._weighted[index] += sum(map(mul, checksums, count(first)))
        self._count += len(rows)

    def add_deviations(self, position: int, values: Mapping[str, object]) -> None:
        """Add the unusual values of the row at a position, in columns that have a usual value.

        The usual value adds nothing to the sums.
        """
        for name, value in values.items():
            index, checksum = self._columns.index(name), crc32(encode_canonical(value))
            self._plain[index] += checksum
            self._weighted[index] += checksum * position

    def sums(self) -> Sums:
        """Return the sums over the rows so far, without columns whose sums are both 0."""
        return {
            name: [plain % PRIME, weighted % PRIME]
            for name, plain, weighted in zip(
                self._columns, self._plain, self._weighted, strict=True
            )
            if plain or weighted
        }

    def locate_changes(self, recorded: Sums) -> Iterator[tuple[str, int | None]]:
        """Yield each column whose sums differ, and the changed value's position, counted from 1.

        The position is None if more than one value in the column was changed.
        """
        found, nothing = self.sums(), (0, 0)
        for name in self._columns:
            (plain, weighted), expected = found.get(name, nothing), recorded.get(name, nothing)
            difference = (plain - expected[0]) % PRIME
            weighted_difference = (weighted - expected[1]) % PRIME
            if difference:
                position = weighted_difference * pow(difference, -1, PRIME) % PRIME
                yield name, position if 1 <= position <= self._count else None
            elif weighted_difference:
                yield name, None
