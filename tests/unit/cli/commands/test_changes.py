"""`gatepost changes`."""

from __future__ import annotations

from typing import Any, Final

from tests.support.cli import CliRunner

AT: Final = "2026-11-20T09:30:00Z"
ID: Final = "01936f5e-0000-7000-8000-000000000042"


def a_version(name: str) -> dict[str, Any]:
    return {
        "version": name,
        "commit_sha": None,
        "committed_at": None,
        "notes": None,
        "registered_at": AT,
    }


CHANGES: Final[dict[str, Any]] = {
    "direction": "forward",
    "from": {
        "deployment_id": ID,
        "number": "DEP-7",
        "version": a_version("1.4.1"),
        "deployed_at": AT,
        "deployed_by": None,
        "live_for_s": 3600,
    },
    "to": a_version("1.4.3"),
    "commits": {"first": "a1", "last": "b2", "url": None},
    "versions": [a_version("1.4.3"), a_version("1.4.2")],
    "has_more_versions": True,
    "work_references": ["SHOP-1", "SHOP-2"],
    "earlier_runs": [
        {
            "environment": "test",
            "tier": "test",
            "deployment_id": ID,
            "number": "DEP-8",
            "status": "succeeded",
            "deployed_at": AT,
            "deployed_by": None,
            "checks": [{"name": "smoke", "state": "passed", "detail": "200"}],
        }
    ],
}


def test_changes_are_listed(cli: CliRunner) -> None:
    """Each line names one part of the change."""
    cli.prepare("GET /deployments/DEP-9/changes", CHANGES)

    lines = cli("changes", "DEP-9").stdout.splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        "replaces 1.4.1 (DEP-7, live since 2026-11-20 09:30:00Z)",
        "deploys 1.4.3",
        "direction forward",
        "commits a1 to b2",
        "versions 1.4.3, 1.4.2, …",
        "work SHOP-1, SHOP-2",
        "ran in test: DEP-8 succeeded 2026-11-20 09:30:00Z (smoke passed)",
    ]


def test_first_deployment_replaces_nothing(cli: CliRunner) -> None:
    """What is not known is left out."""
    first = CHANGES | {
        "direction": "first",
        "from": None,
        "commits": None,
        "versions": [],
        "has_more_versions": False,
        "work_references": [],
        "earlier_runs": [],
    }
    cli.prepare("GET /deployments/DEP-9/changes", first)

    assert cli("changes", "DEP-9").stdout.split() == ["deploys", "1.4.3", "direction", "first"]
