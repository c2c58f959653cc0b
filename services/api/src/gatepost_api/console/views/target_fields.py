"""The fields of the target form, derived from the API request body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

import msgspec
from msgspec import inspect

from gatepost_api.catalog.targets.executors import ExecutorBody
from gatepost_api.catalog.targets.requests import ReadinessBody, TargetBody, TargetCheckBody
from gatepost_api.console.views.formatting import humanize


class InputKind(StrEnum):
    """The kind of input for a value."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    LINES = "lines"
    """Several values, one per line."""
    FLAG = "flag"
    JSON = "json"
    VALUES = "values"
    """JSON pointers with expected values, one pair per line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A form field, as derived from a field of the schema."""

    name: str
    label: str
    input: InputKind
    is_required: bool
    default: str
    """The default as text; empty if there is none."""
    hint: str
    rule: str
    """The message that explains what to enter, shown if the input is invalid."""
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None


EXECUTOR_LABELS: Final[Mapping[str, str]] = {
    "simulated": "Simulated: no real rollout, for tests",
    "webhook": "Webhook: a request to a CI engine",
    "command": "Command: run by the worker",
}
"""The labels of the kinds of executors; for other kinds, the name is shown."""

_LABELS: Final[Mapping[str, str]] = {
    "base_url": "Base URL",
    "url": "URL",
    "expect_status": "Expected status",
    "expect_json": "Expected JSON values",
    "max_latency_ms": "Maximum latency (ms)",
    "failure_percent": "Failures (percent)",
    "required": "Required: the deployment fails if this check does not pass",
    "body": "Request body (JSON)",
    "arguments": "Program and arguments",
}
_UNITS: Final = {"_s": " (seconds)", "_ms": " (ms)"}
_HINTS: Final[Mapping[str, str]] = {
    "base_url": "All paths below are relative to it. Required for readiness and checks.",
    "arguments": "The program on the first line, then one argument per line. No shell is used.",
    "deadline_s": "The time limit from the start to the outcome.",
    "seed": "Together with the deployment's number, it determines which deployments fail.",
    "failure_percent": "The percentage of deployments that fail. The rest have the chosen outcome.",
    "expect_json": 'One per line, for example: /status = "ok"',
    "max_latency_ms": "Empty: no limit.",
    "interval_s": "The pause between two probes.",
}
_RULES: Final[Mapping[str, str]] = {
    "url": "Enter an address that begins with http:// or https:// and has no spaces.",
    "base_url": "Enter an address that begins with http:// or https:// and has no spaces.",
    "path": "Enter a path that begins with / and has no spaces.",
    "name": "Enter one line of at most 200 characters.",
    "arguments": "Enter the program on the first line and up to 49 arguments below it, one per "
    "line.",
    "body": "Enter one JSON value.",
    "expect_json": "Enter at most 50 lines, each with a JSON pointer, = and a JSON value.",
}


def _fields_of(struct: type[msgspec.Struct]) -> Iterator[FormField]:
    described = cast("inspect.StructType", inspect.type_info(struct))
    for field in described.fields:
        kind = _plain_type(field.type)
        if isinstance(kind, inspect.StructType | inspect.UnionType | inspect.ListType) and (
            field.name not in _RULES
        ):
            continue  # a part with form fields of its own
        yield _form_field(field, kind)


def _plain_type(kind: inspect.Type) -> inspect.Type:
    """Return the type of the non-null values, without metadata."""
    match kind:
        case inspect.Metadata():
            return _plain_type(kind.type)
        case inspect.UnionType(types=types):
            others = [member for member in types if not isinstance(member, inspect.NoneType)]
            return _plain_type(others[0]) if len(others) == 1 else kind
        case _:
            return kind


def _form_field(field: inspect.Field, kind: inspect.Type) -> FormField:
    name = field.name
    values: dict[str, object] = {}
    rule = _RULES.get(name, "")
    match kind:
        case inspect.IntType(ge=minimum, le=maximum):
            entry = InputKind.NUMBER
            values = {"minimum": minimum, "maximum": maximum}
            rule = f"Enter a whole number from {minimum:,} to {maximum:,}."
        case inspect.EnumType(cls=choices):
            entry = InputKind.CHOICE
            values = {"choices": tuple((str(choice.value), _choice(choice)) for choice in choices)}
            rule = "Choose one from the list."
        case inspect.BoolType():
            entry = InputKind.FLAG
        case inspect.ListType():
            entry = InputKind.LINES
        case inspect.RawType():
            entry = InputKind.JSON
        case inspect.DictType():
            entry = InputKind.VALUES
        case _:
            entry = InputKind.TEXT
    fields: dict[str, object] = {
        "name": name,
        "label": _label(name),
        "input": entry,
        "is_required": field.required,
        "default": _default(field),
        "hint": _HINTS.get(name, ""),
        "rule": rule,
    }
    return msgspec.convert({**fields, **values}, FormField)


def _choice(choice: object) -> str:
    text = str(getattr(choice, "value", choice))
    return text if text.isupper() else humanize(text)


def _label(name: str) -> str:
    if name in _LABELS:
        return _LABELS[name]
    unit = next((unit for unit in _UNITS if name.endswith(unit)), "")
    return humanize(name.removesuffix(unit)) + _UNITS.get(unit, "")


def _default(field: inspect.Field) -> str:
    if field.default in (msgspec.NODEFAULT, None):
        return ""
    if isinstance(field.default, bool):
        return "true" if field.default else ""
    return str(field.default)


def _executor_fields() -> dict[str, tuple[FormField, ...]]:
    union = cast("inspect.UnionType", inspect.type_info(ExecutorBody))
    structs = [member for member in union.types if isinstance(member, inspect.StructType)]
    return {str(struct.tag): tuple(_fields_of(struct.cls)) for struct in structs}


TARGET_FIELDS: Final = tuple(_fields_of(TargetBody))
"""The fields of the target itself, without executor, readiness and checks."""
EXECUTOR_FIELDS: Final[Mapping[str, tuple[FormField, ...]]] = _executor_fields()
"""The fields of each kind of executor."""
READINESS_FIELDS: Final = tuple(_fields_of(ReadinessBody))
CHECK_FIELDS: Final = tuple(_fields_of(TargetCheckBody))
EXECUTOR_KINDS: Final = tuple(
    (kind, EXECUTOR_LABELS.get(kind, humanize(kind))) for kind in EXECUTOR_FIELDS
)
"""Pairs of a kind of executor and its label."""
