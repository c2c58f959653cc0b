"""How often a proof repeats what it tries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """The long counts of `nox -s proof`, or short ones, which the whole suite can afford."""

    is_long: bool

    def choose(self, short: int, long: int) -> int:
        """Return one of two counts."""
        return long if self.is_long else short
