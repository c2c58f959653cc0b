"""The target form: conversion to and from API bodies, and changes to its rows of checks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar, cast

import msgspec

from gatepost_api.catalog.targets.executors import ExecutorBody
from gatepost_api.catalog.targets.requests import ReadinessBody, TargetBody, TargetCheckBody
from gatepost_api.catalog.targets.responses import TargetSettings as TargetOutput
from gatepost_api.console.forms.form import Form, decode_form_fields
from gatepost_api.console.views.target_fields import (
    CHECK_FIELDS,
    EXECUTOR_FIELDS,
    READINESS_FIELDS,
    TARGET_FIELDS,
    FormField,
    InputKind,
)
from gatepost_api.http.json_body import decode_json_body
from gatepost_api.http.problems import BadInput, ProblemError
from gatepost_domain.catalog.executors import SimulatedExecutor
from gatepost_domain.catalog.target import TargetSettings

Part = TypeVar("Part")

KIND_FIELD: Final = "executor/kind"
COUNT_FIELD: Final = "checks"
"""The hidden field with the number of rows of checks."""
MAX_CHECKS: Final = 50

_REQUIRED: Final = "This field is required."


class TargetFormReader:
    """Converts a target form to an API request body, collecting the faults in all of its parts."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self.faults: list[ProblemError] = []

    def read(self) -> TargetBody:
        """Return the request body.

        Raises:
            BadInput: fields are missing or invalid; the error lists the faults by field.
        """
        executor = self._read_executor()
        ready = None
        if self._form.get("ready/path"):
            ready = self._read_part("ready/", READINESS_FIELDS, ReadinessBody)
        checks = [self._read_check(index) for index in range(check_count(self._form))]
        placeholder = {"executor": {"kind": SimulatedExecutor.kind}}
        target = self._read_part("", TARGET_FIELDS, TargetBody, placeholder)
        if self.faults or target is None or executor is None:
            raise _bad_input(self.faults)
        return msgspec.structs.replace(
            target,
            executor=executor,
            ready=ready,
            checks=[check for check in checks if check is not None],
        )

    def _read_executor(self) -> ExecutorBody | None:
        kind = self._form.get(KIND_FIELD)
        if kind not in EXECUTOR_FIELDS:
            self._add_fault(KIND_FIELD, "Choose one from the list.")
            return None
        executor_type = cast("type[ExecutorBody]", ExecutorBody)  # a union is not a class
        return self._read_part("executor/", EXECUTOR_FIELDS[kind], executor_type, {"kind": kind})

    def _read_check(self, index: int) -> TargetCheckBody | None:
        return self._read_part(f"checks/{index}/", CHECK_FIELDS, TargetCheckBody)

    def _read_part(
        self,
        prefix: str,
        fields: Sequence[FormField],
        body_type: type[Part],
        fixed: Mapping[str, object] | None = None,
    ) -> Part | None:
        before = len(self.faults)
        values = {**(fixed or {}), **self._values(prefix, fields)}
        if len(self.faults) > before:
            return None
        try:
            return decode_form_fields(values, body_type)
        except BadInput as error:
            for fault in error.errors:
                name = fault.pointer.removeprefix("#/").partition("/")[0]
                self._add_fault(f"{prefix}{name}", _message_for(fields, name, fault.detail))
            return None

    def _values(self, prefix: str, fields: Sequence[FormField]) -> dict[str, object]:
        """Return the flags and the entered values, and record the faults in the fields."""
        values: dict[str, object] = {}
        for field in fields:
            text = self._form.get(prefix + field.name)
            if field.input is InputKind.FLAG:
                values[field.name] = bool(text)
            elif not text:
                if field.is_required:
                    self._add_fault(prefix + field.name, _REQUIRED)
            else:
                try:
                    values[field.name] = _parse(field, self._form, prefix)
                except ValueError:
                    self._add_fault(prefix + field.name, field.rule)
        return values

    def _add_fault(self, name: str, detail: str) -> None:
        self.faults.append(ProblemError(pointer=f"#/{name}", detail=detail))


def check_count(form: Form) -> int:
    """Return the number of rows of checks in a form."""
    text = form.get(COUNT_FIELD)
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_CHECKS))
    return min(int(text), MAX_CHECKS) if is_number else 0


def add_check(form: Form) -> Form:
    """Return the form with one more row, filled with the defaults."""
    count = check_count(form)
    if count >= MAX_CHECKS:
        return form
    return _with_checks(form, _fields_of_check(count, _defaults(CHECK_FIELDS)), count + 1)


def remove_check(form: Form, position: int) -> Form:
    """Return the form without the row at the given position."""
    rows = [
        _values_of_check(form, index) for index in range(check_count(form)) if index != position
    ]
    others = {name: text for name, text in form.fields.items() if not name.startswith("checks/")}
    for index, row in enumerate(rows):
        others |= _fields_of_check(index, row)
    return Form(fields={**others, COUNT_FIELD: str(len(rows))}, key=form.key)


def with_executor_defaults(form: Form) -> Form:
    """Return the form with empty executor fields set to the defaults of the chosen kind."""
    fields = EXECUTOR_FIELDS.get(form.get(KIND_FIELD), ())
    defaults = {f"executor/{name}": text for name, text in _defaults(fields).items()}
    return Form(fields={**defaults, **form.fields}, key=form.key)


def form_of_target(settings: TargetSettings) -> Form:
    """Return a form filled in with a target's settings."""
    output = TargetOutput.from_domain_settings(settings)
    fields = {
        **_texts("", TARGET_FIELDS, output),
        KIND_FIELD: settings.executor.kind,
        **_texts("executor/", EXECUTOR_FIELDS[settings.executor.kind], output.executor),
        **(_texts("ready/", READINESS_FIELDS, output.ready) if output.ready else {}),
        COUNT_FIELD: str(len(output.checks)),
    }
    for index, check in enumerate(output.checks):
        fields |= _texts(f"checks/{index}/", CHECK_FIELDS, check)
    if output.ready is None:
        fields |= {f"ready/{name}": text for name, text in _defaults(READINESS_FIELDS).items()}
    return Form(fields={name: text for name, text in fields.items() if text}, key=None)


def _texts(prefix: str, fields: Sequence[FormField], output: object) -> dict[str, str]:
    return {f"{prefix}{field.name}": _text(field, getattr(output, field.name)) for field in fields}


def _text(field: FormField, value: Any) -> str:  # noqa: ANN401  # the value of any field
    match field.input:
        case InputKind.FLAG:
            return "true" if value else ""
        case InputKind.LINES:
            return "\n".join(map(_to_line, value))
        case InputKind.JSON:
            return "" if bytes(value) == b"null" else bytes(value).decode()
        case InputKind.VALUES:
            lines = (f"{pointer} = {bytes(raw).decode()}" for pointer, raw in value.items())
            return "\n".join(lines)
        case _:
            return "" if value is None else str(value)


def _parse(field: FormField, form: Form, prefix: str) -> object:
    """Return the value of a field that is not empty.

    Raises:
        ValueError: the text does not have the format that the field requires.
    """
    text = form.get(prefix + field.name)
    match field.input:
        case InputKind.LINES:
            return list(map(_unquote_line, form.lines(prefix + field.name)))
        case InputKind.JSON:
            return _parse_json(text)
        case InputKind.VALUES:
            return _parse_values(form.lines(prefix + field.name))
        case InputKind.NUMBER:
            return _parse_number(text)
        case _:
            return text


def _parse_number(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdecimal()):
        raise ValueError(text)
    return int(text)


def _parse_values(lines: Sequence[str]) -> dict[str, msgspec.Raw]:
    """Return a mapping from JSON pointers to expected values; plain words become JSON strings."""
    values: dict[str, msgspec.Raw] = {}
    for line in lines:
        pointer, separator, text = line.partition("=")
        if not separator or pointer.strip() in values:
            raise ValueError(line)
        values[pointer.strip()] = _parse_json(text.strip(), or_text=True)
    return values


def _parse_json(text: str, *, or_text: bool = False) -> msgspec.Raw:
    """Return the text as raw JSON; with `or_text`, plain words become a JSON string.

    Raises:
        ValueError: the text is not JSON.
    """
    try:
        decode_json_body(text.encode(), "application/json", msgspec.Raw)
    except BadInput as error:
        if not or_text or not text or text[0] in '"[{':
            raise ValueError(text) from error
        return msgspec.Raw(json.dumps(text, ensure_ascii=False).encode())
    return msgspec.Raw(text.encode())


def _unquote_line(line: str) -> str:
    """Return the text of a line, decoding it as JSON if it begins with a quotation mark."""
    value = json.loads(line) if line.startswith('"') else line
    if not isinstance(value, str):
        raise ValueError(line)  # noqa: TRY004  # the input is invalid; this is not a type error
    return value


def _to_line(text: str) -> str:
    """Return the line that `_unquote_line` converts back to the text."""
    is_plain = text and text == text.strip() and text[0] != '"' and len(text.splitlines()) == 1
    return text if is_plain else json.dumps(text, ensure_ascii=True)


def _message_for(fields: Sequence[FormField], name: str, detail: str) -> str:
    return next((field.rule for field in fields if field.name == name and field.rule), detail)


def _bad_input(faults: Sequence[ProblemError]) -> BadInput:
    first = faults[0]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    error = BadInput(status, "invalid", first.pointer, first.detail)
    error.errors[:] = faults
    return error


def _defaults(fields: Sequence[FormField]) -> dict[str, str]:
    return {field.name: field.default for field in fields if field.default}


def _values_of_check(form: Form, index: int) -> dict[str, str]:
    return {field.name: form.get(f"checks/{index}/{field.name}") for field in CHECK_FIELDS}


def _fields_of_check(index: int, values: Mapping[str, str]) -> dict[str, str]:
    return {f"checks/{index}/{name}": text for name, text in values.items() if text}


def _with_checks(form: Form, fields: Mapping[str, str], count: int) -> Form:
    return Form(fields={**form.fields, **fields, COUNT_FIELD: str(count)}, key=form.key)
