"""Settings changes as the server sends them."""

from __future__ import annotations

from typing import Any, Final

CHANGE_ID: Final = "01900000-0000-7000-8000-000000000042"


def settings_change_json(**changes: Any) -> dict[str, Any]:
    """Build a pending change of the policy of production."""
    return {
        "id": CHANGE_ID,
        "state": "pending",
        "kind": "policy",
        "subject": "production",
        "change": {
            "operation": "put_policy",
            "environments": ["production"],
            "gives": [],
            "before": {"lane": "queue", "soak_s": 0, "requires": []},
            "after": {"lane": "queue", "soak_s": 60, "requires": ["staging"]},
        },
        "reason": "A longer soak.",
        "requested_by": "owner",
        "requested_at": "2026-11-21T12:00:00Z",
        "decided_by": None,
        "decided_at": None,
        "note": None,
        "can_approve": False,
        **changes,
    }
