"""`gatepost record`."""

from __future__ import annotations

import httpx2

from tests.support.cli import CliRunner, deployment_json


def test_record_prints_the_number_and_what_was_recorded(cli: CliRunner) -> None:
    """The output describes the new record. Omitted options are sent as null."""
    record = deployment_json("succeeded", kind="record", deployed_at="2026-11-20T09:30:00Z")
    cli.prepare("POST /deployments/record", httpx2.Response(201, json=record))

    result = cli(
        "record", "shop", "1.4.2", "--in=production", "--at=2026-11-20T09:30:00Z", "--by=bo"
    )

    assert result.stdout == "DEP-42: shop 1.4.2 deployed to production at 2026-11-20 09:30:00Z.\n"
    assert cli.last_body == {
        "service": "shop",
        "environment": "production",
        "version": "1.4.2",
        "deployed_at": "2026-11-20T09:30:00Z",
        "deployed_by": "bo",
        "notes": None,
        "external_id": None,
    }
