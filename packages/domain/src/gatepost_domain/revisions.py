"""Checking the revision of a resource that a caller expects, to prevent lost updates."""

from __future__ import annotations

from typing import TypeAlias

from gatepost_domain.errors import StaleRevision

ExpectedRevision: TypeAlias = int | frozenset[int] | None
"""One revision, any of several, or None for any revision at all. No revision satisfies an empty
set."""


def require_revision(expected: ExpectedRevision, actual: int) -> None:
    """Refuse a change to a resource that has changed since the caller read it.

    Raises:
        StaleRevision: `actual` is not a revision that the caller expects.
    """
    if expected is None:
        return
    accepted = expected if isinstance(expected, frozenset) else frozenset({expected})
    if actual not in accepted:
        raise StaleRevision(accepted, actual)
