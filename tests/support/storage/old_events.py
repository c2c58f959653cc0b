"""Events as earlier releases recorded them: without the data that they did not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_text, event_hash
from gatepost_domain.verification.merkle_tree import TreeHead, leaf_hash
from gatepost_domain.verification.proof_hash_ranges import LEVEL_STEP
from gatepost_domain.verification.recorded_rows import row_digest

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table."""

IDENTITY: Final = "0002"
RECORDED_STATE: Final = "0014"
PROVENANCE: Final = "0018"
CONSENT: Final = "0020"
FORMER_TIERS: Final = "0023"

_DATA_SINCE: Final = {
    IDENTITY: ("identities", "identity"),
    RECORDED_STATE: ("state",),
    CONSENT: ("target_version",),
    FORMER_TIERS: ("was_production",),
}
"""Members of the data of events, by the first revision whose release records them."""

_TIER_COLUMNS: Final = ("was_production", "started_in_production")
_ORIGIN: Final = frozenset({"origin", "proved_at"})
_USER_UPDATE: Final = frozenset(
    {"name", "grants", "groups", "disabled", "accounts", "display_name"}
)


def remove_unknown_data(rows: Rows, revision: str) -> None:
    """Remove from the rows what a revision did not know, and compute all hashes again."""
    names = [name for since, names in _DATA_SINCE.items() if revision < since for name in names]
    recorded: dict[tuple[str, ...], dict[str, Any]] = {}
    for event in rows["deployment_events"]:
        data = json.loads(event["data"])
        for name in names:
            data.pop(name, None)
        if revision < PROVENANCE:
            data = _without_provenance(data)
        for item in data.get("state", ()):
            for name in _TIER_COLUMNS:
                item.get("row", item.get("changes", {})).pop(name, None)
            _compute_digest(item, recorded)
        event["data"] = canonical_text(data)
    if revision < PROVENANCE:
        for name in rows.keys() - {"deployment_events"}:
            rows[name] = [_without_provenance(row) for row in rows[name]]
    _chain(rows["deployment_events"])
    rows["event_tree"] = list(_nodes(rows["deployment_events"]))


def _without_provenance(value: Any) -> Any:
    """Return a value, also if it is JSON text, with one human instead of humans and provenance.

    Proposed changes to users get one login instead of accounts.
    """
    if isinstance(value, str) and ('"humans"' in value or '"display_name"' in value):
        return json.dumps(_without_provenance(json.loads(value)), separators=(",", ":"))
    if isinstance(value, list):
        return list(map(_without_provenance, value))
    if not isinstance(value, dict):
        return value
    if "humans" in value:
        (human,) = value["humans"]
        return {"human": human, "issuer": None}
    if value.keys() == _USER_UPDATE:
        (account,) = value["accounts"]
        kept = {name: value[name] for name in ("name", "grants", "groups", "disabled")}
        return {**kept, "login": [account["issuer"], account["account"]]}
    return {name: _without_provenance(item) for name, item in value.items() if name not in _ORIGIN}


def _compute_digest(item: dict[str, Any], recorded: dict[tuple[str, ...], dict[str, Any]]) -> None:
    """Compute the digest of an item of the recorded state again, from all items of the row."""
    if "key" in item and item["digest"] is not None:
        row = recorded.setdefault((item["table"], *item["key"]), {})
        if "row" in item:
            row.clear()
        row.update(item.get("row") or item["changes"])
        item["digest"] = row_digest(row)


def _chain(events: list[dict[str, Any]]) -> None:
    """Compute the hashes of all events, each of which includes the previous one."""
    previous, hashes = GENESIS_HASH, dict[str | None, str]()
    for event in events:
        event["prev_hash"] = previous
        if event["deployment_id"] is not None:
            event["deployment_prev_hash"] = hashes.get(event["deployment_id"], GENESIS_HASH)
        del event["hash"]
        previous = hashes[event["deployment_id"]] = event["hash"] = event_hash(**event)


def _nodes(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the tree of the events."""
    tree = TreeHead()
    for event in events:
        completed = tree.append(leaf_hash(bytes.fromhex(event["hash"])))
        for level in range(LEVEL_STEP, len(completed), LEVEL_STEP):
            position = (tree.size >> level) - 1
            yield {"level": level, "position": position, "hash": completed[level].hex()}
