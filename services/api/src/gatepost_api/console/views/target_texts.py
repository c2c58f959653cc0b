"""Descriptions of a target's settings, and the differences between two versions of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from gatepost_api.catalog.targets.responses import TargetSettings as TargetOutput
from gatepost_api.console.views.formatting import format_duration, humanize
from gatepost_api.console.views.settings_comparison import NOTHING, ChangedSetting, compare_texts
from gatepost_api.console.views.target_fields import (
    CHECK_FIELDS,
    EXECUTOR_FIELDS,
    READINESS_FIELDS,
    FormField,
    InputKind,
)
from gatepost_domain.catalog.executors import EXECUTORS
from gatepost_domain.catalog.target import Check, ReadinessProbe, TargetSettings


def describe_target(settings: TargetSettings) -> dict[str, str]:
    """Return a mapping from the label of each setting to its text."""
    return dict(_settings_texts(settings))


def changed_target_settings(before: TargetSettings, after: TargetSettings) -> list[ChangedSetting]:
    """Return the settings that differ between two versions, in readable form."""
    return compare_texts(describe_target(before), describe_target(after))


def settings_from_json(stored: Mapping[str, Any]) -> TargetSettings:
    """Return the target settings from the JSON values that a settings change stores."""
    executor = dict(stored["executor"])
    kind = EXECUTORS[executor.pop("kind")]
    return TargetSettings(
        base_url=stored["base_url"],
        executor=msgspec.convert(executor, kind),
        ready=msgspec.convert(stored["ready"], ReadinessProbe | None),
        checks=msgspec.convert(stored["checks"], tuple[Check, ...]),
        deadline_s=stored["deadline_s"],
    )


def _settings_texts(settings: TargetSettings) -> Iterator[tuple[str, str]]:
    output = TargetOutput.from_domain_settings(settings)
    yield "Base URL", output.base_url or NOTHING
    kind = settings.executor.kind
    yield "Executor", humanize(kind)
    yield from _part("Executor", EXECUTOR_FIELDS[kind], output.executor)
    if output.ready is None:
        yield "Readiness", "not waited for"
    else:
        yield from _part("Readiness", READINESS_FIELDS, output.ready)
    for check in output.checks:
        label = f"Check {check.name}"
        yield from _part(label, [field for field in CHECK_FIELDS if field.name != "name"], check)
    names = [check.name for check in output.checks]
    yield "Order of checks", ", ".join(names) or NOTHING
    yield "Deadline", format_duration(output.deadline_s)


def _part(label: str, fields: Sequence[FormField], output: object) -> Iterator[tuple[str, str]]:
    for field in fields:
        name = field.label.partition(" (")[0].partition(":")[0].lower()
        name = field.label.partition(" (")[0] if name.startswith(("url", "json")) else name
        yield f"{label}, {name}", _value_text(field, getattr(output, field.name))


def _value_text(field: FormField, value: Any) -> str:  # noqa: ANN401  # the value of any field
    match field.input:
        case InputKind.FLAG:
            return "yes" if value else "no"
        case InputKind.LINES:
            return " ".join(value)
        case InputKind.JSON:
            text = bytes(value).decode()
            return NOTHING if text == "null" else text
        case InputKind.VALUES:
            lines = [f"{pointer} = {bytes(raw).decode()}" for pointer, raw in value.items()]
            return ", ".join(lines) or NOTHING
        case InputKind.NUMBER if value is not None:
            return _number_text(field.name, value)
        case _:
            return NOTHING if value is None else str(value)


def _number_text(name: str, value: int) -> str:
    if name.endswith("_ms"):
        return f"{value:,} ms"
    return format_duration(value) if name.endswith("_s") else f"{value:,}"
