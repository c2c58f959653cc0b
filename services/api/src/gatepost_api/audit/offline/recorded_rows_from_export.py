"""Conversion of exported deployments to the rows that events record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from gatepost_domain.verification.deployment_from_events import canonical_time
from gatepost_domain.verification.event_hash import canonical_json
from gatepost_domain.verification.exported_columns import COPIED
from gatepost_domain.verification.recorded_rows import RecordedRow

Json = Mapping[str, Any]


class Import:
    """The event of an import, and the digest of the exported rows that the import stored."""

    def __init__(self, event: Json) -> None:
        data = event["data"]
        self.event = event
        self.first: int = data["first_number"]
        self.last: int = data["last_number"]
        self.expected: str = data["digest"]
        self.found = 0
        self._digest = hashlib.sha256(b"[")

    def add(self, line: Json) -> None:
        """Add the import's next row; rows are added in order of their number."""
        row = [
            number_of(line),
            line["id"],
            line["service"],
            line["environment"],
            line["tier"],
            line["version"],
            line["artifact_digest"],
            line["review"]["policy_version"],
            _optional_time(line["deployed_at"]),
            line["deployed_by"],
            line["notes"],
            line["external_id"],
            line["unreviewed"],
        ]
        outcome = [
            line["status"],
            _optional_time(line["finished_at"]),
            _optional_time(line["rolled_back_at"]),
            line["recorded_rollback"] or None,
        ]
        if outcome != ["succeeded", None, None, None]:
            row += outcome
        self._digest.update((b"," if self.found else b"") + canonical_json(row))
        self.found += 1

    @property
    def is_complete(self) -> bool:
        """Whether all rows of the import were exported."""
        return self.found == self.last - self.first + 1

    def matches_digest(self) -> bool:
        """Return whether the rows match the digest in the event of the import."""
        digest = self._digest.copy()
        digest.update(b"]")
        return digest.hexdigest() == self.expected


def recorded_row(events: Sequence[Json], number: int, revision: int) -> RecordedRow:
    """Return what the events recorded about the row of a deployment, up to a revision."""
    recorded = RecordedRow()
    for event in events:
        for item in event["data"].get("state", ()):
            if item["table"] != "deployments" or item.get("key") != [str(number)]:
                continue
            new = item.get("changes", item.get("row", {}))
            if new.get("revision", 0) > revision:
                return recorded
            recorded.apply(item, event["seq"])
    return recorded


def stored_columns(line: Json) -> dict[str, Any]:
    """Return the columns of a deployment's row, as events record them."""
    columns = {
        name: _optional_time(line[name]) if name.endswith("_at") else line[name] for name in COPIED
    }
    columns["recorded_rollback"] = line["recorded_rollback"] or None
    columns["policy_version"] = line["review"]["policy_version"]
    columns["number"] = number_of(line)
    columns["work_references"] = _compact_json(line["work_references"])
    independence = line["independence"]
    columns["independence"] = _compact_json(independence) if independence["dependent"] else None
    return columns


def _optional_time(at: str | None) -> str | None:
    return None if at is None else canonical_time(at)


def _compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number_of(line: Json) -> int:
    """Return the number of a deployment."""
    return int(line["number"].rpartition("-")[2])
