"""The text of a policy is found in the event that set it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatepost_domain.verification.policy_lookup import find_recorded_policy

ROW = {
    "environment": "production",
    "version": 2,
    "policy": json.dumps({"lane": "queue"}),
    "created_at": "2026-11-21T12:00:00.000000Z",
    "created_by": "owner",
}
ITEM = {"table": "policies", "key": ["production", "2"], "digest": "0", "row": ROW}
RULES = {"environment": "production", "policy_version": 2, "policy": {"lane": "reject"}}


def test_recorded_row_has_the_rules_and_who_set_them() -> None:
    """The row is preferred, because it also has the author and the time."""
    other = {"table": "environments", "key": ["production"], "digest": "0", "changes": {}}
    bulk = {"table": "deployments", "rows": 2, "row": {}}
    data = {**RULES, "state": [other, bulk, ITEM]}

    assert find_recorded_policy(data, "production", 2) == {
        "environment": "production",
        "version": 2,
        "lane": "queue",
        "created_at": "2026-11-21T12:00:00.000000Z",
        "created_by": "owner",
    }


def test_event_of_an_older_version_has_only_the_rules() -> None:
    """Such events do not record rows."""
    assert find_recorded_policy(RULES, "production", 2) == {
        "environment": "production",
        "version": 2,
        "lane": "reject",
    }


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"state": [ITEM]},
        {"state": [{**ITEM, "key": ["staging", "3"]}]},
        RULES,
        {"environment": "production", "policy_version": 3},
    ],
)
def test_event_of_another_policy_is_not_found(data: dict[str, Any]) -> None:
    """The environment and the version must both be the right ones."""
    assert find_recorded_policy(data, "production", 3) is None
    assert find_recorded_policy(data, "staging", 2) is None
