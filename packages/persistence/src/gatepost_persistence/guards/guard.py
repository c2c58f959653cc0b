"""A trigger on one of our tables, as SQLite and PostgreSQL describe it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gatepost_persistence.tables.all_tables import METADATA

GUARDED_TABLES: Final = tuple(sorted((*METADATA.tables, "alembic_version")))
"""The tables on which only the triggers of this release may exist."""

_FACT_TEXTS: Final[Mapping[str, str]] = {
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
class Guard:
    """A trigger. Most refuse changes to recorded data; some keep derived tables up to date."""

    table: str
    name: str
    facts: Mapping[str, str]
    """The properties that the database reports. On SQLite, the only one is `sql`. On PostgreSQL,
    they are the `event`, the `rows` for which it runs, the `condition`, the `function`, its `body`,
    and any `options` that none of our guards has, such as `disabled`."""

    def differences(self, other: Guard) -> Sequence[str]:
        """Return the names of the properties in which this guard and the other one differ."""
        return [
            text
            for fact, text in _FACT_TEXTS.items()
            if _comparable(fact, self.facts.get(fact)) != _comparable(fact, other.facts.get(fact))
        ]


def to_document(guards: Iterable[Guard]) -> Document:
    """Return the guards in the form in which they are written to a JSON file."""
    document: dict[str, dict[str, Mapping[str, str | Sequence[str]]]] = {}
    for guard in sorted(guards, key=lambda guard: (guard.table, guard.name)):
        document.setdefault(guard.table, {})[guard.name] = {
            fact: value.split("\n") if "\n" in value else value
            for fact, value in guard.facts.items()
        }
    return document


def from_document(document: Document) -> Sequence[Guard]:
    """Return the guards in a JSON file."""
    return [
        Guard(
            table=table,
            name=name,
            facts={
                fact: value if isinstance(value, str) else "\n".join(value)
                for fact, value in facts.items()
            },
        )
        for table, guards in document.items()
        for name, facts in guards.items()
    ]


def _comparable(fact: str, value: str | None) -> str | None:
    """Return a form of the value in which only real differences show.

    PostgreSQL stores a parsed condition, and its versions may add different parentheses.
    """
    if fact != "condition" or value is None:
        return value
    return "".join(value.replace("(", "").replace(")", "").split())
