"""Changing some of an environment's rules, and leaving the others."""

from __future__ import annotations

from typing import Any

from gatepost_client import Gatepost
from gatepost_client.models import PolicyBody

READ_ONLY_FIELDS = ("environment", "version", "created_at", "created_by")


def change_policy(gatepost: Gatepost, environment: str, **changes: Any) -> None:
    """Put the policy in force again, with these changes, which are as JSON has them."""
    rules = gatepost.get_policy(environment).to_dict()
    for each in READ_ONLY_FIELDS:
        rules.pop(each, None)
    gatepost.put_policy(environment, PolicyBody.from_dict(rules | changes))
