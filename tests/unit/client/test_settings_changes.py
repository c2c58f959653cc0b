"""The client returns either what was changed, or the settings change that waits."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from gatepost_client import Gatepost
from gatepost_client.models import Policy, PolicyBody, SettingsChange
from tests.support.settings_changes import settings_change_json


def put_policy(status: int, body: dict[str, Any]) -> Policy | SettingsChange:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, json=body))
    with Gatepost("http://gatepost.example", token="t", transport=transport) as gatepost:
        return gatepost.put_policy("production", PolicyBody(), reason="A longer soak.")


@pytest.mark.parametrize("kind", ["policy", "user"])
def test_accepted_change_is_a_settings_change(kind: str) -> None:
    """202 is a success with another result."""
    change = put_policy(202, settings_change_json(kind=kind))

    assert isinstance(change, SettingsChange)
    assert change.change.after["soak_s"] == 60
