"""`gatepost show`."""

from __future__ import annotations

from tests.support.cli import CliRunner, deployment_json

BREAK_GLASS = {
    "actor": "emma",
    "at": "2026-11-21T12:30:00Z",
    "reason": "Nobody can pay.",
    "incident": "INC-7",
}


def test_show_lists_every_field_that_has_a_value(cli: CliRunner) -> None:
    """Fields without a value are omitted, and text with several lines keeps its line breaks."""
    cli.prepare("GET /deployments/DEP-42", deployment_json(new_field=None))

    assert cli("show", "DEP-42").stdout == (
        "number           DEP-42\n"
        "kind             request\n"
        "status           pending_approval\n"
        "service          shop\n"
        "environment      production\n"
        "tier             production\n"
        "version          1.4.2\n"
        "requester        ada\n"
        "work references  SHOP-812\n"
        "                 SHOP-813\n"
        "risk             Checkout may be slow.\n"
        "rollback plan    Redeploy 1.4.1.\n"
        "                 Tell support.\n"
        "review           approved_by_qa\n"
        "                 qa: 1 of 1, quinn\n"
        "                 devops: 0 of 1, no approvals yet\n"
        "created          2026-11-21 12:00:00Z\n"
    )


def test_show_includes_nested_fields(cli: CliRunner) -> None:
    """The output shows the author, time, reason and incident of a break-glass approval."""
    cli.prepare("GET /deployments/DEP-42", deployment_json(break_glass=BREAK_GLASS))

    assert (
        "break glass      actor: emma\n"
        "                 at: 2026-11-21 12:30:00Z\n"
        "                 reason: Nobody can pay.\n"
        "                 incident: INC-7\n"
    ) in cli("show", "DEP-42").stdout


def test_show_includes_fields_of_a_newer_server(cli: CliRunner) -> None:
    """A field that this version of the client does not know is listed under its name."""
    cli.prepare("GET /deployments/DEP-42", deployment_json(new_field="blue"))

    assert "new field        blue\n" in cli("show", "DEP-42").stdout


def test_show_tells_which_reviewers_were_not_independent(cli: CliRunner) -> None:
    """Each line names the reviewer, the other person, and who could have acted as both."""
    mark = {"reviewer": "quinn", "of": "ada", "through": ["ada", "zed"], "by": "invitation"}
    cli.prepare("GET /deployments/DEP-42", deployment_json(independence={"dependent": [mark]}))

    assert "quinn depends on ada through ada and zed (invitation)" in cli("show", "DEP-42").stdout
