"""The columns of a history file, and how their names are recognised."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.errors import FieldError
from gatepost_domain.tracking.history_files.rows import row_error, shorten

REQUIRED_COLUMNS: Final = ("service", "environment", "version", "deployed_at")
OPTIONAL_COLUMNS: Final = ("deployed_by", "notes", "external_id")
COLUMNS: Final = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
"""The columns that describe a deployment, in any order. The optional ones can be missing."""
OUTCOME_COLUMNS: Final = ("status", "rolled_back_at", "kind")
"""The optional columns for how a deployment ended, and whether it was a rollback."""
KNOWN_COLUMNS: Final = (*COLUMNS, *OUTCOME_COLUMNS)

EXPORT_MARK: Final = "in_effect"
"""The column that identifies a file as an export from Gatepost.

Its value is true for a deployment that can be the live one of its service in its environment: one
that went live and has not been rolled back, hidden or retired since. Only such deployments are
imported.
"""
EXPORT_COLUMNS: Final = (
    EXPORT_MARK,
    *(field.name for field in fields(Deployment) if field.name not in COLUMNS),
    "execution",
    "requester_unmapped",
    "review",
    "waived_by",
)
"""The other columns in an export, which an import ignores."""

_BETWEEN_WORDS: Final = re.compile(r"[\s_-]+")


@lru_cache(maxsize=256)
def normalize_column_name(name: str) -> str:
    """Return a name trimmed, in lower case, and with `_` between its words."""
    return _BETWEEN_WORDS.sub("_", name.strip().lower())


def known_columns(names: Collection[str]) -> Collection[str]:
    """Return the columns that are known in a file with these column names."""
    return (*COLUMNS, *EXPORT_COLUMNS) if EXPORT_MARK in names else KNOWN_COLUMNS


def header_errors(header: Sequence[str], number: int, *, ignore_unknown: bool) -> list[FieldError]:
    """Return the errors in the column names of a CSV file whose header is row `number`."""
    return list(_header_errors(header, number, ignore_unknown=ignore_unknown))


def unknown_column_reason(name: str, known: Collection[str], *, noun: str) -> str:
    """Return a message about an unknown column: which one may be meant, and how to ignore it."""
    meant = get_close_matches(name, known, n=1, cutoff=0.7)
    suggestion = f"did you mean {meant[0]}? T" if meant else "t"
    return (
        f"the {noun} {shorten(name)} is unknown; {suggestion}he {noun}s are "
        f"{', '.join(KNOWN_COLUMNS)}. To ignore unknown ones, send ignore_unknown=true."
    )


def _header_errors(
    header: Sequence[str], number: int, *, ignore_unknown: bool
) -> Iterator[FieldError]:
    known = known_columns(header)
    for name in dict.fromkeys(header):
        if name == "" or (name not in known and ignore_unknown):
            continue
        if name not in known:
            reason = unknown_column_reason(name, known, noun="column")
            yield row_error(number, None, "unknown_column", reason)
        elif header.count(name) > 1:
            yield row_error(number, name, "duplicate_column", f"the column {name} appears twice.")
    for name in REQUIRED_COLUMNS:
        if name not in header:
            yield row_error(number, name, "missing_column", f"the column {name} is missing.")
