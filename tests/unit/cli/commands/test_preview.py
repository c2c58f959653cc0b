"""`gatepost preview`."""

from __future__ import annotations

from typing import Final

from tests.support.cli import CliRunner, deployment_json, gates_json

ARGUMENTS: Final = (
    *("preview", "shop", "1.4.2", "--to", "production"),
    *("--work", "SHOP-812", "--rollback-plan", "Redeploy."),
)


def test_preview_shows_the_approvals_gates_and_actions(cli: CliRunner) -> None:
    """The command shows what a request would wait for, without creating a deployment."""
    preview = {"review": deployment_json()["review"], **gates_json("Waiting for devops.")}
    cli.prepare("POST /deployments/preview", preview)

    stdout = cli(*ARGUMENTS).stdout

    assert stdout.startswith("Approval: ")
    assert "approval  waiting  -      group:devops  Waiting for devops.\n" in stdout
    assert "approve  no       You are the requester.\n" in stdout
