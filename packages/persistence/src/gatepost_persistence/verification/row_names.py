"""Readable names for rows in fault reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

Key = Sequence[str]

_SUBJECTS: Final[Mapping[str, Callable[[Key], str]]] = {
    "deployments": lambda key: f"DEP-{key[0]}",
    "versions": lambda key: f"{key[1]} of {key[0]}",
    "policies": lambda key: f"policy version {key[1]} of {key[0]}",
    "target_settings": lambda key: f"{key[0]} in {key[1]}",
    "version_blocks": lambda key: f"{key[2]} of {key[0]} in {key[1]}",
    "holds": lambda key: f"{key[0]} in {key[1]}",
    "tokens": lambda key: f"token {key[0]}",
    "passkeys": lambda key: f"passkey {key[0]}",
    "freezes": lambda key: f"freeze {key[0]}",
    "incidents": lambda key: f"incident {key[0]}",
    "claims": lambda key: f"claim {key[0]}",
    "check_runs": lambda key: f"check run {key[0]}",
    "ingest_sources": lambda key: f"ingest source {key[0]}",
    "ingest_deliveries": lambda key: f"delivery {key[0]}",
    "notification_channels": lambda key: f"notification channel {key[0]}",
    "webhooks": lambda key: f"webhook {key[0]}",
    "settings_changes": lambda key: f"settings change {key[0]}",
    "retirements": lambda key: f"event {key[0]}",
    "receipts": lambda key: f"response {key[0]}",
}


def subject_of(table: str, key: Key) -> str:
    """Return a readable name for the row with this key, such as `DEP-42` or `shop in production`.

    For a user, a service or an environment, this is its own name.
    """
    return _SUBJECTS.get(table, " ".join)(key)
