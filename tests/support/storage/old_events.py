"""Events as earlier releases recorded them: without the data that they did not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gatepost_domain.verification.event_chain import GENESIS_HASH
from gatepost_domain.verification.event_hash import canonical_text, event_hash
from gatepost_domain.verification.merkle_tree import TreeHead, leaf_hash
from gatepost_domain.verification.recorded_state import row_digest
from gatepost_domain.verification.stored_hashes import LEVEL_STEP

Rows = dict[str, list[dict[str, Any]]]
"""Rows by table."""

IDENTITY: Final = "0002"
RECORDED_STATE: Final = "0014"
PROVENANCE: Final = "0018"
CONSENT: Final = "0020"

_DATA_SINCE: Final = {
    IDENTITY: ("identities", "identity"),
    RECORDED_STATE: ("state",),
    CONSENT: ("target_version",),
}
"""Members of the data of events, by the first revision whose release records them."""


def remove_unknown_data(rows: Rows, revision: str) -> None:
    """Remove from the events what a revision did not know, and compute all hashes again."""
    names = [name for since, names in _DATA_SINCE.items() if revision < since for name in names]
    recorded: dict[str, dict[str, Any]] = {}
    for event in rows["deployment_events"]:
        data = json.loads(event["data"])
        for name in names:
            data.pop(name, None)
        for item in data.get("state", ()):
            if item.get("table") == "settings_changes" and revision < PROVENANCE:
                row = recorded.setdefault(item["key"][0], {})
                row.update(_to_old_settings_change(item.get("row", item.get("changes"))))
                item["digest"] = row_digest(row)
        event["data"] = canonical_text(data)
    if revision < PROVENANCE:
        for row in rows["settings_changes"]:
            _to_old_settings_change(row)
    _chain(rows["deployment_events"])
    rows["event_tree"] = list(_nodes(rows["deployment_events"]))


def _to_old_settings_change(columns: dict[str, Any]) -> dict[str, Any]:
    """Change columns to those before `PROVENANCE`: one human, one issuer and one login."""
    if "identity" in columns:
        (human,) = json.loads(columns["identity"])["humans"]
        columns["identity"] = json.dumps({"human": human, "issuer": None})
    if columns.get("operation") == "change_user":
        proposal = json.loads(columns["proposal"])
        del proposal["display_name"]
        (account,) = proposal.pop("accounts")
        proposal["login"] = [account["issuer"], account["account"]]
        columns["proposal"] = json.dumps(proposal)
    return columns


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
