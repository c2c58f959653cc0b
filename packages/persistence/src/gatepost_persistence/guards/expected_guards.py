"""The triggers of this release, from the files that `tools/generate_guards.py` writes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from gatepost_persistence.guards.guard import Document, Guard, from_document


def guard_file(dialect: str) -> Path:
    """Return the file with the triggers for a dialect: `sqlite` or `postgresql`."""
    return Path(__file__).with_name(f"{dialect}.json")


@cache
def expected_guards(dialect: str) -> Sequence[Guard]:
    """Return the triggers that a database of this release must have."""
    return from_document(msgspec.json.decode(guard_file(dialect).read_bytes(), type=Document))
