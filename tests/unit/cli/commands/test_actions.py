"""`gatepost approve`, `reject`, `start` and the other actions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.cli import CliRunner, deployment_json


@pytest.mark.parametrize(
    ("arguments", "body"),
    [
        (["approve", "--note=Fine.", "--stage=qa"], {"note": "Fine.", "stage": "qa"}),
        (["start"], {"note": None}),
        (["succeed", "--note=At last."], {"note": "At last."}),
        (["reject", "--note=Not on a Friday."], {"note": "Not on a Friday."}),
        (["withdraw", "--note=Wrong build."], {"note": "Wrong build."}),
        (["fail", "--note=No disk."], {"note": "No disk."}),
        (["rollback", "--note=Slow."], {"note": "Slow.", "redeploy": False}),
        (
            ["promote", "--to=production", "--risk=None."],
            {"environment": "production", "risk": "None.", "note": None},
        ),
        (["cancel", "--note=Not needed."], {"note": "Not needed."}),
    ],
    ids=lambda case: case[0] if isinstance(case, list) else "",
)
def test_action_is_sent_and_the_new_status_is_printed(
    cli: CliRunner, arguments: list[str], body: dict[str, Any]
) -> None:
    """Each action sends one request. One line shows the new status and the review progress."""
    action, *options = arguments
    cli.prepare(f"POST /deployments/DEP-42/{action}", deployment_json())

    result = cli(action, "DEP-42", *options)

    assert (result.exit_code, result.stdout) == (
        0,
        "DEP-42 is pending_approval (approved_by_qa).\n",
    )
    assert cli.last_body == body


def test_retry_names_the_new_rollback(cli: CliRunner) -> None:
    """The output contains the number of the new deployment and the version it brings back."""
    retried = deployment_json(number="DEP-44", version="1.4.1", kind="rollback")
    cli.prepare("POST /deployments/DEP-43/retry", retried)

    result = cli("retry", "DEP-43", "--note=The disk is free now.")

    assert (result.exit_code, result.stdout) == (
        0,
        "DEP-44 is pending_approval (approved_by_qa). It redeploys 1.4.1.\n",
    )
    assert cli.last_body == {"note": "The disk is free now."}


def test_rollback_names_the_redeployment(cli: CliRunner) -> None:
    """With `--redeploy`, the output contains the number and the version of the new deployment."""
    redeployment = "01936f5e-0000-7000-8000-000000000099"
    rolled_back = deployment_json("rolled_back", rolled_back_by=redeployment)
    cli.prepare("POST /deployments/DEP-42/rollback", rolled_back)
    cli.prepare(
        f"GET /deployments/{redeployment}", deployment_json(number="DEP-43", version="1.4.1")
    )

    result = cli("rollback", "DEP-42", "--note=Slow.", "--redeploy")

    assert "DEP-43 redeploys the last known good version, 1.4.1." in result.stdout
    assert json.loads(cli.requests[0].content) == {"note": "Slow.", "redeploy": True}
