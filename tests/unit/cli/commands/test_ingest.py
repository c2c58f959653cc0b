"""`gatepost ingest`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.support.cli import CliRunner

DELIVERY_ID: Final = "01936f5e-0000-7000-8000-000000000007"
SECRET: Final = "a-secret-of-the-tests"
DELIVERY: Final[dict[str, Any]] = {
    "id": DELIVERY_ID,
    "source": "github",
    "delivery_id": "d-1",
    "event": "deployment_status",
    "received_at": "2026-11-21T12:00:00Z",
    "state": "failed",
    "reason": "There is no environment live.",
    "deployments": [],
    "payload_sha256": "0b" * 32,
    "payload_size": 12,
    "payload_kept_until": "2026-12-21T12:00:00Z",
    "attempts": 1,
    "replayed_at": None,
    "replayed_by": None,
}
APPLIED: Final = DELIVERY | {
    "state": "applied",
    "reason": None,
    "deployments": [{"id": DELIVERY_ID, "number": "DEP-7"}],
}
SOURCE: Final[dict[str, Any]] = {
    "source": "github",
    "url": "/api/v1/ingest/github",
    "environment_map": {},
    "service_map": {},
    "create_missing": True,
    "workflows": {},
    "pipelines": {},
    "signature": "hmac_sha256",
    "signature_header": "X-Hub-Signature-256",
    "login_issuer": None,
    "unknown_actor": "mark",
    "account": None,
    "mapping": None,
    "requests": None,
    "revision": 1,
    "changed_at": "2026-11-21T12:00:00Z",
    "changed_by": "owner",
}


def test_settings_of_file_and_options_are_sent(
    cli: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options are added to those of the file, and the secret comes from the variable."""
    file = tmp_path / "settings.json"
    file.write_text('{"environment_map": {"live": "production"}, "workflows": {"x": "test"}}')
    monkeypatch.setenv("GATEPOST_INGEST_SECRET", SECRET)
    cli.prepare("PUT /ingest/github", httpx2.Response(200, json=SOURCE))

    result = cli(
        "ingest",
        "set",
        "github",
        "--settings",
        str(file),
        "--create-missing",
        "--environment-map",
        "pr-*=",
        "--service-map",
        "example/shop=shop",
    )

    assert result.exit_code == 0, result.stderr
    assert "/api/v1/ingest/github" in result.stdout
    assert SECRET not in result.stdout
    assert json.loads(cli.requests[-1].content) == {
        "secret": SECRET,
        "create_missing": True,
        "environment_map": {"live": "production", "pr-*": None},
        "service_map": {"example/shop": "shop"},
        "workflows": {"x": "test"},
    }


def test_secret_of_a_file_is_sent(cli: CliRunner, tmp_path: Path) -> None:
    """Without white space around it."""
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    cli.prepare("PUT /ingest/github", httpx2.Response(200, json=SOURCE))

    assert cli("ingest", "set", "github", "--secret-file", str(tmp_path / "secret")).exit_code == 0

    assert json.loads(cli.requests[-1].content) == {"secret": SECRET}


@pytest.mark.parametrize(
    "options",
    [
        ("--settings", "missing.json"),
        ("--settings", "list.json"),
        ("--secret-file", "missing"),
        ("--service-map", "shop"),
    ],
)
def test_unusable_arguments_are_refused(
    cli: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, str]
) -> None:
    """Nothing is sent."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.json").write_text("[]")

    result = cli("ingest", "set", "github", *options)

    assert result.exit_code == 2
    assert cli.requests == []


def test_sources_are_listed_and_removed(cli: CliRunner) -> None:
    """Each with its address."""
    cli.prepare("GET /ingest", httpx2.Response(200, json={"items": [SOURCE]}))
    cli.prepare("DELETE /ingest/github", httpx2.Response(200, json=SOURCE))

    assert "/api/v1/ingest/github" in cli("ingest", "list").stdout
    assert "removed" in cli("ingest", "remove", "github").stdout


def test_deliveries_are_filtered_and_listed(cli: CliRunner) -> None:
    """Each on a line, with the reason."""
    page = {"items": [DELIVERY, APPLIED], "next_cursor": None}
    cli.prepare("GET /ingest/deliveries", httpx2.Response(200, json=page))

    result = cli("ingest", "deliveries", "--source", "github", "--state", "failed")

    assert "There is no environment live." in result.stdout
    assert "DEP-7" in result.stdout
    assert dict(cli.requests[-1].url.params) == {
        "source": "github",
        "state": "failed",
        **{name: value for name, value in cli.requests[-1].url.params.items() if name == "limit"},
    }


@pytest.mark.parametrize(("payload", "shown"), [('{"a": 1}', '{"a": 1}'), (None, "no longer")])
def test_delivery_is_shown_with_its_payload(
    cli: CliRunner, payload: str | None, shown: str
) -> None:
    """While it is kept."""
    detail = DELIVERY | {"content_type": "application/json", "payload": payload}
    cli.prepare(f"GET /ingest/deliveries/{DELIVERY_ID}", httpx2.Response(200, json=detail))

    assert shown in cli("ingest", "show", DELIVERY_ID).stdout


@pytest.mark.parametrize(
    ("delivery", "words", "code"),
    [
        (APPLIED, "DEP-7", 0),
        (DELIVERY, "no environment live", 1),
        (DELIVERY | {"state": "ignored"}, "ignored", 0),
    ],
    ids=["applied", "failed", "ignored"],
)
def test_replay_says_what_came_of_it(
    cli: CliRunner, delivery: dict[str, Any], words: str, code: int
) -> None:
    """The exit code is for scripts."""
    path = f"POST /ingest/deliveries/{DELIVERY_ID}/replay"
    cli.prepare(path, httpx2.Response(200, json=delivery))

    result = cli("ingest", "replay", DELIVERY_ID)

    assert words in result.stdout
    assert result.exit_code == code
