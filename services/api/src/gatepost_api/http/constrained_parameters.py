"""Query parameters whose values must satisfy more than a type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from litestar.params import QueryParameter


class InvalidValue(ValueError):
    """The value of a parameter is not accepted. The message is a sentence without its subject."""

    def __init__(self, predicate: str, *, code: str = "invalid") -> None:
        super().__init__(predicate)
        self.code = code


def _accept(value: str) -> object:
    return value


@dataclass(frozen=True)
class CheckedParameter(QueryParameter):
    """A query parameter with an additional check; its faults are reported with all others."""

    check: Callable[[str], object] = field(default=_accept)
    """Checks a value, and raises `InvalidValue` if it is not accepted."""
