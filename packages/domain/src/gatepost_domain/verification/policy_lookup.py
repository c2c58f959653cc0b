"""Finding a policy in the event that recorded it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def find_recorded_policy(
    data: Mapping[str, Any], environment: str, version: int
) -> Mapping[str, Any] | None:
    """Return a version of a policy as recorded in an event's data; None if it is not there.

    Events written by older versions contain the rules, but not who set them and when.
    """
    key = [environment, str(version)]
    for item in data.get("state", ()):
        if item["table"] == "policies" and item.get("key") == key and "row" in item:
            row = item["row"]
            return {**json.loads(row["policy"]), **{k: row[k] for k in row if k != "policy"}}
    if (data.get("environment"), data.get("policy_version")) == (environment, version):
        policy: Mapping[str, Any] | None = data.get("policy")
        if policy is not None:
            return {**policy, "environment": environment, "version": version}
    return None
