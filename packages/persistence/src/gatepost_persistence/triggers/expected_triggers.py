"""The triggers of this release, from the files that `tools/generate_triggers.py` writes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from gatepost_persistence.triggers.trigger import Document, Trigger, from_document


def trigger_file(dialect: str) -> Path:
    """Return the file with the triggers for a dialect: `sqlite` or `postgresql`."""
    return Path(__file__).with_name(f"{dialect}.json")


@cache
def expected_triggers(dialect: str) -> Sequence[Trigger]:
    """Return the triggers that a database of this release must have."""
    return from_document(msgspec.json.decode(trigger_file(dialect).read_bytes(), type=Document))
