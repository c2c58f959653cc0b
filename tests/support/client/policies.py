"""Changes to individual policy rules."""

from __future__ import annotations

from typing import Any

from gatepost_client import Gatepost
from gatepost_client.models import PolicyBody

READ_ONLY_FIELDS = ("environment", "version", "created_at", "created_by")


def change_policy(gatepost: Gatepost, environment: str, **changes: Any) -> None:
    """Activate the environment's policy with these changes, which are in JSON form."""
    policy = gatepost.get_policy(environment).to_dict()
    for field in READ_ONLY_FIELDS:
        policy.pop(field, None)
    gatepost.put_policy(environment, PolicyBody.from_dict(policy | changes))
