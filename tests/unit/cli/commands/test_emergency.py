"""`gatepost override`, `break-glass` and `after-review`."""

from __future__ import annotations

import pytest

from gatepost_cli.core.exit_code import ExitCode
from gatepost_client.models import GateKind
from tests.support.cli import CliRunner, deployment_json, problem_response

REASON = "--reason=Nobody can pay."
AFTER_REVIEW = {
    "state": "open",
    "due_at": "2026-11-24T12:00:00Z",
    "verdict": None,
    "closed_by": None,
    "closed_at": None,
}


@pytest.mark.parametrize(
    "arguments",
    [
        ("override", "DEP-42", REASON),
        ("override", "DEP-42", "freeze"),
        ("break-glass", "DEP-42", REASON),
        ("break-glass", "DEP-42", "--incident=INC-7"),
        ("after-review", "DEP-42", "perhaps", "--note=x"),
        ("after-review", "DEP-42", "justified"),
    ],
)
def test_incomplete_command_is_refused_before_anything_is_sent(
    cli: CliRunner, arguments: tuple[str, ...]
) -> None:
    """A missing reason, incident, note or verdict is a usage error."""
    result = cli(*arguments)

    assert (result.exit_code, cli.requests) == (ExitCode.USAGE, [])


def test_unknown_gate_is_refused(cli: CliRunner) -> None:
    """The error lists the existing gates, and nothing is sent."""
    result = cli("override", "DEP-42", "door", REASON)

    assert (result.exit_code, cli.requests) == (ExitCode.USAGE, [])
    assert all(repr(gate.value) in result.stderr for gate in GateKind)


@pytest.mark.parametrize("gate", ["approval", "lane"])
def test_server_decides_which_gates_can_be_overridden(cli: CliRunner, gate: str) -> None:
    """The command sends any existing gate, and prints the server's refusal."""
    refusal = problem_response(422, code="gate_not_overridable", detail="Use break-glass.")
    cli.prepare("POST /deployments/DEP-42/override", refusal)

    result = cli("override", "DEP-42", gate, REASON)

    assert (result.exit_code, cli.last_body["gate"]) == (ExitCode.REFUSED, gate)
    assert result.stderr == "gatepost: 422 gate_not_overridable: Use break-glass.\n"


def test_gate_is_overridden_with_a_reason(cli: CliRunner) -> None:
    """The request contains the gate and the reason."""
    cli.prepare("POST /deployments/DEP-42/override", deployment_json())

    result = cli("override", "DEP-42", "freeze", REASON)

    assert result.exit_code == 0
    assert result.stdout == "The freeze gate of DEP-42 has been overridden.\n"
    assert cli.last_body == {"gate": "freeze", "reason": "Nobody can pay."}


def test_break_glass_prints_when_the_after_review_is_due(cli: CliRunner) -> None:
    """The request contains the incident and the reason, and the output contains the due date."""
    approved = deployment_json("approved", after_review=AFTER_REVIEW)
    cli.prepare("POST /deployments/DEP-42/break-glass", approved)

    result = cli("break-glass", "DEP-42", "--incident=INC-7", REASON)

    assert result.stdout == (
        "DEP-42 is approved by break-glass. Its review is due 2026-11-24 12:00:00Z.\n"
    )
    assert cli.last_body == {"reason": "Nobody can pay.", "incident": "INC-7"}


@pytest.mark.parametrize("verdict", ["justified", "unjustified"])
def test_after_review_sends_the_verdict_and_its_note(cli: CliRunner, verdict: str) -> None:
    """The command sends either verdict with its note, and prints the verdict."""
    cli.prepare("POST /deployments/DEP-42/after-review", deployment_json())

    result = cli("after-review", "DEP-42", verdict, "--note=It could wait.")

    assert result.exit_code == 0
    assert result.stdout == f"The use of break-glass for DEP-42 was {verdict}.\n"
    assert cli.last_body == {"verdict": verdict, "note": "It could wait."}
