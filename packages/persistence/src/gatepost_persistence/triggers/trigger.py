"""A trigger on one of our tables, as SQLite and PostgreSQL describe it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_persistence.tables.all_tables import METADATA

GUARDED_TABLES: Final = tuple(sorted((*METADATA.tables, "alembic_version")))
"""The tables on which only the triggers of this release may exist."""

_PROPERTY_TEXTS: Final[Mapping[str, str]] = {
    "sql": "statement",
    "event": "event",
    "rows": "rows",
    "condition": "condition",
    "function": "function",
    "body": "function body",
    "options": "options",
}

Document = Mapping[str, Mapping[str, Mapping[str, str | Sequence[str]]]]
"""Guards in a JSON file: properties by table and trigger. A multi-line text is a list of lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger. Most refuse changes to recorded data; some keep derived tables up to date."""

    table: str
    name: str
    properties: Mapping[str, str]
    """The properties that the database reports. On SQLite, the only one is `sql`. On PostgreSQL,
    they are the `event`, the `rows` for which it runs, the `condition`, the `function`, its `body`,
    and any `options` that none of our triggers has, such as `disabled`."""

    def differences(self, other: Trigger) -> Sequence[str]:
        """Return the names of the properties in which this trigger and the other one differ."""
        return [
            text
            for key, text in _PROPERTY_TEXTS.items()
            if _comparable(key, self.properties.get(key))
            != _comparable(key, other.properties.get(key))
        ]


def to_document(triggers: Iterable[Trigger]) -> Document:
    """Return the triggers in the form in which they are written to a JSON file."""
    document: dict[str, dict[str, Mapping[str, str | Sequence[str]]]] = {}
    for trigger in sorted(triggers, key=lambda trigger: (trigger.table, trigger.name)):
        document.setdefault(trigger.table, {})[trigger.name] = {
            key: value.split("\n") if "\n" in value else value
            for key, value in trigger.properties.items()
        }
    return document


def from_document(document: Document) -> Sequence[Trigger]:
    """Return the triggers in a JSON file."""
    return [
        Trigger(
            table=table,
            name=name,
            properties={
                key: value if isinstance(value, str) else "\n".join(value)
                for key, value in properties.items()
            },
        )
        for table, triggers in document.items()
        for name, properties in triggers.items()
    ]


def _comparable(key: str, value: str | None) -> str | None:
    """Return a form of the value in which only real differences show.

    PostgreSQL stores a parsed condition, and its versions may add different parentheses.
    """
    if key != "condition" or value is None:
        return value
    return "".join(value.replace("(", "").replace(")", "").split())
