"""`gatepost webhook`."""

from __future__ import annotations

import json
from typing import Any, Final

import httpx2
import pytest

from tests.support.cli import CliRunner

ID: Final = "01936f5e-0000-7000-8000-000000000007"
DELIVERY: Final = "01936f5e-0000-7000-8000-000000000008"
PATH: Final = f"/webhooks/{ID}"


def webhook_json(**changes: Any) -> dict[str, Any]:
    """Return a webhook to which every event is sent."""
    webhook: dict[str, Any] = {
        "id": ID,
        "url": "https://hooks.example/gatepost",
        "format": "gatepost",
        "events": ["*"],
        "service": [],
        "environment": [],
        "tier": [],
        "enabled": True,
        "disabled": None,
        "position": 12,
        "failing_since": None,
        "slowed_until": None,
        "previous_secret_until": None,
        "created_by": "ada",
        "created_at": "2026-11-21T12:00:00Z",
        "revision": 1,
    }
    return webhook | changes


def delivery_json(**changes: Any) -> dict[str, Any]:
    """Return a delivery whose first attempt failed."""
    delivery: dict[str, Any] = {
        "id": DELIVERY,
        "webhook": ID,
        "seq": 13,
        "kind": "succeeded",
        "state": "pending",
        "attempts": 1,
        "next_attempt_at": "2026-11-21T12:00:06Z",
        "last_attempt": {
            "at": "2026-11-21T12:00:01Z",
            "status": 500,
            "detail": "The receiver answered 500.",
            "took_ms": 12,
        },
        "created_at": "2026-11-21T12:00:00Z",
        "ended_at": None,
    }
    return delivery | changes


def page(*items: dict[str, Any]) -> httpx2.Response:
    return httpx2.Response(200, json={"items": [*items], "next_cursor": None})


def with_secret(status: int) -> httpx2.Response:
    return httpx2.Response(status, json={"webhook": webhook_json(), "secret": "whsec_abc"})


def test_added_webhook_is_shown_with_its_secret(cli: CliRunner) -> None:
    """The filters are sent as given."""
    cli.prepare("POST /webhooks", with_secret(201))

    options = ["--event", "succeeded", "--event", "failed", "--tier", "production"]
    result = cli("webhook", "add", "https://hooks.example/gatepost", *options)

    assert result.exit_code == 0
    assert "whsec_abc" in result.stdout
    body = json.loads(cli.requests[-1].content)
    assert body["events"] == ["succeeded", "failed"]
    assert body["tier"] == ["production"]
    assert body["format"] == "gatepost"


def test_webhooks_are_listed_with_their_state(cli: CliRunner) -> None:
    """A disabled one says why."""
    disabled = {"reason": "gone", "at": "2026-11-21T12:00:00Z"}
    cli.prepare(
        "GET /webhooks",
        page(
            webhook_json(),
            webhook_json(failing_since="2026-11-21T12:00:00Z"),
            webhook_json(enabled=False, disabled=disabled),
        ),
    )

    lines = cli("webhook", "list").stdout.splitlines()

    assert [line.split()[1] for line in lines[1:]] == ["enabled", "failing", "disabled"]
    assert "(gone)" in lines[3]


def test_webhook_is_shown(cli: CliRunner) -> None:
    """Only what is set is shown."""
    cli.prepare(f"GET {PATH}", httpx2.Response(200, json=webhook_json(service=["shop"])))

    output = cli("webhook", "show", ID).stdout

    assert "services" in output
    assert "environments" not in output


@pytest.mark.parametrize(("command", "enabled"), [("enable", True), ("disable", False)])
def test_webhook_is_enabled_and_disabled(cli: CliRunner, command: str, *, enabled: bool) -> None:
    """Nothing else is changed."""
    cli.prepare(f"PATCH {PATH}", httpx2.Response(200, json=webhook_json()))

    result = cli("webhook", command, ID)

    assert json.loads(cli.requests[-1].content) == {"enabled": enabled}
    assert result.stdout == f"The webhook https://hooks.example/gatepost is {command}d.\n"


def test_removed_webhook_is_named(cli: CliRunner) -> None:
    """The URL says which one it was."""
    cli.prepare(f"DELETE {PATH}", httpx2.Response(200, json=webhook_json()))

    assert "has been removed" in cli("webhook", "remove", ID).stdout


def test_rotated_secret_is_shown(cli: CliRunner) -> None:
    """It is shown once."""
    cli.prepare(f"POST {PATH}/rotate", with_secret(200))

    assert "whsec_abc" in cli("webhook", "rotate", ID).stdout


def test_deliveries_are_listed(cli: CliRunner) -> None:
    """Each has its last attempt and the next one."""
    cli.prepare(f"GET {PATH}/deliveries", page(delivery_json(), delivery_json(last_attempt=None)))

    result = cli("webhook", "deliveries", ID, "--state", "pending")

    assert cli.requests[-1].url.params["state"] == "pending"
    assert "The receiver answered 500." in result.stdout
    assert "2026-11-21 12:00:06Z" in result.stdout


def test_event_is_sent_again(cli: CliRunner) -> None:
    """The event is named by its position."""
    cli.prepare(
        f"POST {PATH}/deliveries/{DELIVERY}/redeliver",
        httpx2.Response(200, json=delivery_json()),
    )

    assert cli("webhook", "redeliver", ID, DELIVERY).stdout == "Event 13 will be sent again.\n"


def test_test_is_sent(cli: CliRunner) -> None:
    """Its delivery can be looked up."""
    cli.prepare(f"POST {PATH}/test", httpx2.Response(200, json=delivery_json()))

    assert DELIVERY in cli("webhook", "test", ID).stdout
