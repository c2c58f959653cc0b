"""`gatepost gates`: why a deployment is waiting, and who can act."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import ActionOffer, Gate

_NO_GATES: Final = "No gates: the deployment is not waiting to start."


def show_gates_and_actions(context: Context, arguments: Namespace) -> ExitCode:
    """Write the gates of the deployment, and the actions that the caller can take."""
    status = context.gatepost.get_deployment_gates(arguments.deployment)
    gates = gate_table(status.gates) if status.gates else _NO_GATES
    messages = (status.newer_target_message, status.redeployed_target_message)
    notice = "".join(f"\n\n{message}" for message in messages if message)
    context.answer(f"{gates}{notice}\n\n{action_table(status.actions)}")
    return ExitCode.SUCCESS


def gate_table(gates: Iterable[Gate]) -> str:
    """Return a table of gates."""
    rows = (
        (
            gate.kind,
            gate.state,
            format_instant(gate.opens_at),
            ", ".join(gate.who_can_act),
            gate.message,
        )
        for gate in gates
    )
    return table(("gate", "state", "opens", "who can act", "reason"), rows)


def action_table(actions: Iterable[ActionOffer]) -> str:
    """Return a table of actions and whether the caller can take them."""
    rows = ((action.action, "yes" if action.allowed else "no", action.reason) for action in actions)
    return table(("action", "allowed", "reason"), rows)


COMMAND: Final = Command(
    name="gates",
    summary="show why a deployment is waiting, who can act, and what you can do",
    add_arguments=add_deployment_argument,
    run=show_gates_and_actions,
)
