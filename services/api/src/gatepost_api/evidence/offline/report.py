"""The report of a verification: what it found, proved and could not prove."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gatepost_domain.verification.event_hash import canonical_json
from gatepost_domain.verification.faults import Fault

Json = Any
"""A value of the document; missing members are reported as faults."""


class Report:
    """Collects the findings about one document."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        """The number of the deployment, if the document contains one."""
        self.faults: list[Fault] = []
        """Contradictions within the document or with the given key."""
        self.proved: list[str] = []
        """What the document proves, provided that there are no faults."""
        self.unproved: list[str] = []
        """What the document states or suggests but does not prove."""

    def add_fault(self, code: str, field: str | None, detail: str) -> None:
        """Add a fault in a field of the document."""
        self.faults.append(Fault(code, "evidence", self.subject, field, detail))

    def compare(self, field: str, claimed: object, recorded: object, source: str) -> bool:
        """Return whether the claimed value equals the recorded one; add a fault if it does not."""
        if is_same(claimed, recorded):
            return True
        self.add_fault(
            "document_differs", field, f"{field} is {claimed!r}, but {source} {recorded!r}."
        )
        return False

    def to_json(self) -> Mapping[str, Any]:
        """Return the findings as JSON values."""
        return {
            "ok": not self.faults,
            "deployment": self.subject,
            "faults": [
                {
                    "code": fault.code,
                    "table": fault.table,
                    "subject": fault.subject,
                    "field": fault.field,
                    "detail": fault.detail,
                }
                for fault in self.faults
            ],
            "proved": [] if self.faults else self.proved,
            "unproved": self.unproved,
        }


def is_same(one: object, other: object) -> bool:
    """Return whether two JSON values are identical."""
    return canonical_json(one) == canonical_json(other)


def join_words(words: Sequence[str]) -> str:
    """Return the words as an enumeration, such as `a, b and c`."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def count_with_noun(number: int, noun: str) -> str:
    """Return a count with its noun, such as `1 event` or `2 events`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
