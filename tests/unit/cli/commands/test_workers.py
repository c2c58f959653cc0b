"""`gatepost workers`."""

from __future__ import annotations

from typing import Any, Final

from tests.support.cli import CliRunner

WORKERS: Final[dict[str, Any]] = {
    "items": [
        {
            "name": "berlin-1",
            "version": "0.1.0",
            "state": "working",
            "last_seen_at": "2026-11-21T12:00:00Z",
            "claims": [
                {
                    "deployment": "01936f5e-0000-7000-8000-000000000001",
                    "number": "DEP-42",
                    "lease_until": "2026-11-21T12:00:15Z",
                }
            ],
        },
        {
            "name": "oslo-1",
            "version": None,
            "state": "lost",
            "last_seen_at": "2026-11-21T11:00:00Z",
            "claims": [],
        },
    ]
}


def test_workers_are_listed_with_their_deployments(cli: CliRunner) -> None:
    """Each line says whether a worker is alive, when it was seen, and what it executes."""
    cli.prepare("GET /workers", WORKERS)

    assert cli("workers").stdout == (
        "NAME      STATE    VERSION  LAST SEEN             DEPLOYMENTS\n"
        "berlin-1  working  0.1.0    2026-11-21 12:00:00Z  "
        "DEP-42 (lease until 2026-11-21 12:00:15Z)\n"
        "oslo-1    lost     -        2026-11-21 11:00:00Z  -\n"
    )


def test_json_is_the_response(cli: CliRunner) -> None:
    """With `--json`, the output is the response of the server."""
    cli.prepare("GET /workers", WORKERS)

    assert cli("workers", "--json").json == WORKERS
