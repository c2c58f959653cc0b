"""`gatepost notification-channel`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.support.cli import CliRunner

ID: Final = "01936f5e-0000-7000-8000-000000000007"
PATH: Final = f"/notification-channels/{ID}"
URL: Final = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#deploys"


def channel_json(**changes: Any) -> dict[str, Any]:
    """Return a channel of a group."""
    channel: dict[str, Any] = {
        "id": ID,
        "name": "On-call",
        "recipient": {"kind": "group", "name": "devops"},
        "product": "Slack",
        "url": "slack://***",
        "timezone": "Europe/Berlin",
        "quiet_hours": {"start": "22:00", "end": "07:00"},
        "digest": "hourly",
        "remind_after_s": 14400,
        "overdue_after_s": 86400,
        "enabled": True,
        "disabled_at": None,
        "created_by": "ada",
        "created_at": "2026-11-21T12:00:00Z",
        "revision": 1,
    }
    return channel | changes


def notification_json(**changes: Any) -> dict[str, Any]:
    """Return a notification whose first attempt failed."""
    notification: dict[str, Any] = {
        "id": "01936f5e-0000-7000-8000-000000000008",
        "channel": ID,
        "seq": 13,
        "reason": "approval_requested",
        "deployment": "01936f5e-0000-7000-8000-000000000009",
        "stage": "qa",
        "state": "pending",
        "attempts": 1,
        "next_attempt_at": "2026-11-21T12:00:06Z",
        "last_attempt_at": "2026-11-21T12:00:01Z",
        "detail": "Slack answered 403.",
        "created_at": "2026-11-21T12:00:00Z",
        "ended_at": None,
    }
    return notification | changes


@pytest.fixture
def url_file(tmp_path: Path) -> str:
    """Return a file with the URL of a channel."""
    file = tmp_path / "url"
    file.write_text(f"{URL}\n", encoding="utf-8")
    return str(file)


def sent_body(cli: CliRunner) -> Any:
    """Return the body of the last request."""
    return json.loads(cli.requests[-1].content)


def test_url_is_read_from_a_file(cli: CliRunner, url_file: str) -> None:
    """It is no argument, which other users of the machine could read, and it is not shown."""
    cli.prepare("POST /notification-channels", httpx2.Response(201, json=channel_json()))

    result = cli(
        *("notification-channel", "add", "On-call", "--group=devops", f"--url-file={url_file}"),
        *("--timezone=Europe/Berlin", "--quiet-hours=22:00-07:00", "--digest=hourly"),
        "--remind-after-s=600",
    )

    assert result.exit_code == 0
    assert "slack://***" in result.stdout
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in result.stdout
    assert sent_body(cli) == {
        "name": "On-call",
        "recipient": {"kind": "group", "name": "devops"},
        "url": URL,
        "timezone": "Europe/Berlin",
        "quiet_hours": {"start": "22:00", "end": "07:00"},
        "digest": "hourly",
        "remind_after_s": 600,
    }


def test_missing_file_is_a_wrong_argument(cli: CliRunner) -> None:
    """Nothing is sent."""
    result = cli("notification-channel", "add", "x", "--user=bo", "--url-file=/nonexistent")

    assert result.exit_code == 2
    assert "/nonexistent cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("options", "body"),
    [
        (["--disable"], {"enabled": False}),
        (["--enable", "--name=Night"], {"enabled": True, "name": "Night"}),
        (["--quiet-hours=none"], {"quiet_hours": None}),
        (
            ["--quiet-hours=20:00-06:00", "--overdue-after-s=900"],
            {"quiet_hours": {"start": "20:00", "end": "06:00"}, "overdue_after_s": 900},
        ),
    ],
)
def test_only_what_is_named_changes(
    cli: CliRunner, options: list[str], body: dict[str, Any]
) -> None:
    """Everything else stays as it is."""
    cli.prepare(f"PATCH {PATH}", httpx2.Response(200, json=channel_json()))

    assert cli("notification-channel", "change", ID, *options).exit_code == 0
    assert sent_body(cli) == body


def test_url_can_be_replaced(cli: CliRunner, url_file: str) -> None:
    """For example after a token was rotated."""
    cli.prepare(f"PATCH {PATH}", httpx2.Response(200, json=channel_json()))
    cli("notification-channel", "change", ID, f"--url-file={url_file}")

    assert sent_body(cli) == {"url": URL}


def test_channels_and_notifications_are_listed(cli: CliRunner) -> None:
    """A notification shows why it was not sent."""
    page = {"items": [channel_json()], "next_cursor": None}
    cli.prepare("GET /notification-channels", httpx2.Response(200, json=page))
    channels = cli("notification-channel", "list")
    page = {"items": [notification_json()], "next_cursor": None}
    cli.prepare(f"GET {PATH}/notifications", httpx2.Response(200, json=page))
    notifications = cli("notification-channel", "deliveries", ID, "--state=pending")

    assert "group devops" in channels.stdout
    assert "Slack answered 403." in notifications.stdout
    assert cli.requests[-1].url.params["state"] == "pending"


def test_channel_is_shown_tested_and_removed(cli: CliRunner) -> None:
    """Each answer says what happened."""
    cli.prepare(f"GET {PATH}", httpx2.Response(200, json=channel_json()))
    cli.prepare(f"POST {PATH}/test", httpx2.Response(200, json=notification_json()))
    cli.prepare(f"DELETE {PATH}", httpx2.Response(200, json=channel_json()))

    assert "22:00-07:00" in cli("notification-channel", "show", ID).stdout
    assert "The test is queued" in cli("notification-channel", "test", ID).stdout
    removed = cli("notification-channel", "remove", ID)
    assert removed.stdout == "The channel On-call has been removed.\n"


def test_own_channels_are_added_and_listed(cli: CliRunner, url_file: str) -> None:
    """With `--me`, no recipient is sent, so the server uses the caller."""
    mine = channel_json(name="Mine", recipient={"kind": "user", "name": "bo"})
    cli.prepare("POST /notification-channels", httpx2.Response(201, json=mine))
    page = {"items": [mine], "next_cursor": None}
    cli.prepare("GET /notification-channels", httpx2.Response(200, json=page))
    added = cli("notification-channel", "add", "Mine", "--me", f"--url-file={url_file}")
    body = sent_body(cli)
    listed = cli("notification-channel", "list", "--me")

    assert added.exit_code == 0
    assert body.get("recipient") is None
    assert "user bo" in listed.stdout
    assert cli.requests[-1].url.params["own"] == "true"


def test_recipient_is_required(cli: CliRunner, url_file: str) -> None:
    """Nobody adds a channel for themselves by accident."""
    result = cli("notification-channel", "add", "Mine", f"--url-file={url_file}")

    assert result.exit_code == 2
    assert "--me" in result.stderr


def test_failed_notification_is_sent_again(cli: CliRunner) -> None:
    """It is identified by its id, which the list shows."""
    notification = notification_json(state="pending", attempts=0)
    path = f"{PATH}/notifications/{notification['id']}/resend"
    cli.prepare(f"POST {path}", httpx2.Response(200, json=notification))
    page = {"items": [notification_json(state="failed")], "next_cursor": None}
    cli.prepare(f"GET {PATH}/notifications", httpx2.Response(200, json=page))
    listed = cli("notification-channel", "deliveries", ID)
    resent = cli("notification-channel", "resend", ID, notification["id"])

    assert notification["id"] in listed.stdout
    assert resent.stdout == "The notification about event 13 will be sent again.\n"
