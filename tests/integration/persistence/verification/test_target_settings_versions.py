"""Verification names deployments that keep another version of a target than they should."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.catalog.target import (
    DEFAULT_TARGET_SETTINGS,
    settings_digest,
    settings_to_json,
)
from gatepost_persistence.verification.target_settings_versions import (
    TargetVersions,
    add_target_version,
    find_target_faults,
)

SET_AT = "2026-11-21T12:00:00.000000Z"
DIGEST = settings_digest(DEFAULT_TARGET_SETTINGS)
KEPT: dict[str, Any] = {
    "number": 7,
    "service": "shop",
    "environment": "farm",
    "target_version": 1,
    "target_digest": DIGEST,
    "target_set_at": SET_AT,
}
NONE: dict[str, Any] = dict.fromkeys(("target_version", "target_digest", "target_set_at"))


def versions() -> TargetVersions:
    """Return version 1, set by event 5, and version 2, set by event 9."""
    found = TargetVersions()
    for seq, revision in ((5, 1), (9, 2)):
        data = {
            "service": "shop",
            "environment": "farm",
            "revision": revision,
            "state": [],
            **settings_to_json(DEFAULT_TARGET_SETTINGS),
        }
        add_target_version(found, {"seq": seq, "at": SET_AT}, data)
    return found


def faults(*, seq: int = 7, recorded: bool = True, **changes: object) -> list[tuple[str, Any]]:
    """Return the faults of a deployment that was requested by this event."""
    data = {"target_version": None} if recorded else {}
    events = [{"seq": seq, "data": data}]
    return [
        (fault.code, fault.field)
        for fault in find_target_faults(KEPT | changes, events, versions())
    ]


def test_version_in_force_at_the_request_has_no_fault() -> None:
    """A newer version may have been set later."""
    assert faults() == []
    assert faults(seq=3, **NONE) == []
    assert faults(seq=10, target_version=2) == []


def test_deployment_of_an_older_release_keeps_none() -> None:
    """Its event does not mention the target."""
    assert faults(recorded=False, **NONE) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"target_version": 3}, ("target_unknown", "target_version")),
        ({"seq": 4}, ("target_unknown", "target_version")),
        ({"target_digest": "00" * 32}, ("target_differs", "target_digest")),
        ({"target_set_at": "2026"}, ("target_differs", "target_set_at")),
        ({"seq": 10}, ("target_not_current", "target_version")),
        ({"seq": 7, **NONE}, ("target_not_current", "target_version")),
    ],
)
def test_another_version_is_named(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    """It must exist before the request, be the newest, and have these settings."""
    assert faults(**changes) == [fault]


def test_older_event_without_a_deadline_has_the_default() -> None:
    """The settings are then those with the default."""
    found = TargetVersions()
    settings = settings_to_json(DEFAULT_TARGET_SETTINGS)
    del settings["deadline_s"]
    data = {"service": "shop", "environment": "farm", "revision": 1, **settings}

    add_target_version(found, {"seq": 5, "at": SET_AT}, data)

    assert found["shop", "farm", 1].digest == DIGEST
