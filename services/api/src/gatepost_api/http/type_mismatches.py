"""Describing in words why a value does not match its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from typing import Any, Final

from msgspec import inspect

from gatepost_api.schemas.base import END_OF_TEXT, RULE
from gatepost_domain.allowed_characters import RULES

_RULE_BY_PATTERN: Final = {
    **{f"^{pattern}{END_OF_TEXT}": rule for pattern, rule in RULES.items()},
    rf"^[!-~]+{END_OF_TEXT}": "visible ASCII characters without spaces",
    rf"^[0-9]{{1,18}}{END_OF_TEXT}": "the `seq` of an event, in digits",
}
"""The meanings of patterns, for types that do not state the meaning themselves."""
_EXAMPLE_TIME: Final = "2026-11-21T09:30:00Z"


def describe_mismatch(value: object, annotation: object) -> str:
    """Return why a value does not match its type, such as `must be true or false`."""
    predicate = _describe_mismatch(value, inspect.type_info(annotation))
    return f"{predicate}, not null" if value is None else predicate


def _describe_mismatch(value: object, described: inspect.Type) -> str:
    described, rule = _unwrap(described)
    if isinstance(described, inspect.UnionType):
        members = [each for each in described.types if not isinstance(each, inspect.NoneType)]
        predicates = dict.fromkeys(_describe_mismatch(value, member) for member in members)
        return " or ".join(predicates)
    if isinstance(described, inspect.StrType) and isinstance(value, str):
        text = rule or _RULE_BY_PATTERN.get(described.pattern or "")
        return (
            _wrong_size(value, described, "character")
            or f"must be {text or 'text in the documented format'}"
        )
    if isinstance(described, inspect.ListType) and isinstance(value, list):
        return _wrong_size(value, described, "item") or "must be a list in the documented format"
    return f"must be {_PHRASES[type(described)](described)}"


def _unwrap(described: inspect.Type) -> tuple[inspect.Type, str | None]:
    """Return a type without its metadata, and the rule that the metadata contains."""
    if isinstance(described, inspect.Metadata):
        return described.type, (described.extra or {}).get(RULE)
    return described, None


def _wrong_size(
    value: Sized, described: inspect.StrType | inspect.ListType, unit: str
) -> str | None:
    """Return what is wrong with the number of characters or items, or None if nothing is."""
    shortest, longest = described.min_length or 0, described.max_length
    if len(value) < shortest:
        return f"must have at least {_count_with_unit(shortest, unit)}"
    if longest is not None and len(value) > longest:
        return f"must have at most {_count_with_unit(longest, unit)}"
    return None


def _count_with_unit(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def _describe_range(described: inspect.IntType | inspect.FloatType) -> str:
    lowest, highest = described.ge, described.le
    if lowest is None:
        return "" if highest is None else f" of at most {highest}"
    return f" of at least {lowest}" if highest is None else f" from {lowest} to {highest}"


_PHRASES: Final[Mapping[type[inspect.Type], Callable[[Any], str]]] = {
    inspect.AnyType: lambda _: "a JSON value",
    inspect.BoolType: lambda _: "true or false",
    inspect.DateTimeType: lambda _: f"a time with a time zone, such as {_EXAMPLE_TIME}",
    inspect.DictType: lambda _: "an object",
    inspect.EnumType: lambda enum: f"one of {', '.join(str(each.value) for each in enum.cls)}",
    inspect.FloatType: lambda number: f"a number{_describe_range(number)}",
    inspect.IntType: lambda number: f"a whole number{_describe_range(number)}",
    inspect.ListType: lambda _: "a list",
    inspect.LiteralType: lambda literal: f"one of {', '.join(map(str, literal.values))}",
    inspect.StrType: lambda _: "text",
    inspect.StructType: lambda _: "an object",
    inspect.UUIDType: lambda _: "a UUID",
}
"""Maps each type to a description of its values. A test checks that every type in the API is
included."""
