"""Accepting plain strings and mappings in place of enums and models, and encoding them as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, Final, Protocol, TypeVar, cast, runtime_checkable
from uuid import UUID

from .base_errors import NotSendable
from .types import UNSET, Unset

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

_UTC: Final = "+00:00"
"""How Python ends times in UTC; the API ends them with `Z`."""


@runtime_checkable
class _Model(Protocol):
    """A generated model."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary of JSON values."""
        ...


class _MappingAsModel:
    """A mapping in place of a model. It is sent unchanged, and the server reports any faults."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary of JSON values."""
        return {name: to_json(value) for name, value in self._fields.items()}


def or_unset(value: T | None) -> T | Unset:
    """Return the value, or `UNSET` for None. The generated functions do not send `UNSET`."""
    return UNSET if value is None else value


def as_model(_: type[T], value: T | Mapping[str, Any] | None) -> T:
    """Return a model or a mapping in the form that the generated functions take."""
    return cast("T", _MappingAsModel(value) if isinstance(value, Mapping) else value)


def as_enum(enum: type[E], value: E | str | None) -> E:
    """Return an enum member for a member or string; values from newer servers are kept."""
    return cast("E", enum(value) if isinstance(value, str) else value)


def as_enums(enum: type[E], values: Iterable[E | str] | None) -> list[E]:
    """Return a list of enum members; a single string counts as a list of one."""
    if values is None or isinstance(values, str):
        return as_list(None if values is None else [as_enum(enum, values)])
    return [as_enum(enum, value) for value in values]


def as_list(values: Sequence[T] | None) -> list[T]:
    """Return a list; None stays None, and a single string counts as a list of one."""
    if isinstance(values, str):
        return cast("list[T]", [values])
    return cast("list[T]", values if values is None else list(values))


def to_json(value: object) -> Any:  # noqa: ANN401  # JSON of any shape
    """Return an argument as JSON: models, mappings, enums, times, ids, and lists of these.

    Raises:
        NotSendable: The value has no equivalent in JSON.
    """
    match value:
        case Mapping():
            return {f"{key}": to_json(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [to_json(each) for each in value]
        case _Model():
            return to_json(value.to_dict())
        case _:
            return _scalar_to_json(value)


def _scalar_to_json(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            text = value.isoformat()
            return f"{text.removesuffix(_UTC)}Z" if text.endswith(_UTC) else text
        case Unset() | str() | int() | float() | None:
            return value
        case _:
            raise NotSendable(f"{value!r} cannot be sent as JSON.")
