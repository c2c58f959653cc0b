"""`gatepost gates`."""

from __future__ import annotations

from tests.support.cli import CliRunner, gates_json


def test_gates_shows_who_can_act_and_what_the_caller_can_do(cli: CliRunner) -> None:
    """The output shows why the deployment is waiting, and which actions the user can perform."""
    cli.prepare("GET /deployments/DEP-42/gates", gates_json("Waiting for devops."))

    assert cli("gates", "DEP-42").stdout == (
        "GATE      STATE    OPENS  WHO CAN ACT   REASON\n"
        "approval  waiting  -      group:devops  Waiting for devops.\n"
        "lane      open     -      group:devops  No deployment is in progress.\n"
        "\n"
        "ACTION   ALLOWED  REASON\n"
        "approve  no       You are the requester.\n"
        "cancel   yes      -\n"
    )


def test_deployment_without_gates_is_not_waiting_to_start(cli: CliRunner) -> None:
    """Once a deployment has started or ended, a sentence replaces the table of gates."""
    cli.prepare("GET /deployments/DEP-42/gates", {**gates_json(), "gates": []})

    assert cli("gates", "DEP-42").stdout.startswith(
        "No gates: the deployment is not waiting to start.\n\nACTION "
    )


def test_newer_version_of_the_target_is_named(cli: CliRunner) -> None:
    """The notice of the server is between the gates and the actions."""
    notice = (
        "The target's settings were changed after this deployment was requested; "
        "to use version 4 of the settings, create a new request."
    )
    newer = {"newer_target_version": 4, "newer_target_message": notice}
    cli.prepare("GET /deployments/DEP-42/gates", gates_json("Waiting.") | newer)

    result = cli("gates", "DEP-42")

    assert f"\n\n{notice}\n\n" in result.stdout


def test_other_settings_of_a_redeployed_version_are_named(cli: CliRunner) -> None:
    """The notice of a rollback is shown like that of a newer version."""
    notice = "This rollback runs 1.0.0 with version 2 of the target's settings."
    status = gates_json("Waiting.") | {"redeployed_target_message": notice}
    cli.prepare("GET /deployments/DEP-42/gates", status)

    assert f"\n\n{notice}\n\n" in cli("gates", "DEP-42").stdout
