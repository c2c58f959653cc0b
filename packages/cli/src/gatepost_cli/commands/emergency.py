"""`gatepost override`, `break-glass` and `after-review`: emergencies, and their later review."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context


def override(context: Context, arguments: Namespace) -> ExitCode:
    """Override one gate of a deployment; the server refuses gates that cannot be overridden."""
    from gatepost_client.models import GateKind, OverrideBody  # noqa: PLC0415

    body = OverrideBody(gate=GateKind(arguments.gate), reason=arguments.reason)
    deployment = context.gatepost.override_gate(arguments.deployment, body)
    context.answer(f"The {arguments.gate} gate of {deployment.number} has been overridden.")
    return ExitCode.SUCCESS


def break_glass(context: Context, arguments: Namespace) -> ExitCode:
    """Approve a deployment without its reviewers."""
    from gatepost_client.models import BreakGlassBody  # noqa: PLC0415
    from gatepost_client.types import UNSET  # noqa: PLC0415

    body = BreakGlassBody(
        reason=arguments.reason, incident=arguments.incident, start=arguments.start or UNSET
    )
    deployment = context.gatepost.break_glass(arguments.deployment, body)
    review = deployment.after_review
    due = "" if review is None else f" Its review is due {format_instant(review.due_at)}."
    context.answer(f"{deployment.number} is {deployment.status} by break-glass.{due}")
    return ExitCode.SUCCESS


def close_after_review(context: Context, arguments: Namespace) -> ExitCode:
    """Close the after-review of a break-glass approval with a verdict."""
    from gatepost_client.models import AfterReviewBody, Verdict  # noqa: PLC0415

    body = AfterReviewBody(verdict=Verdict(arguments.verdict), note=arguments.note)
    deployment = context.gatepost.close_after_review(arguments.deployment, body)
    context.answer(f"The use of break-glass for {deployment.number} was {arguments.verdict}.")
    return ExitCode.SUCCESS


def _add_override_arguments(parser: ArgumentParser) -> None:
    from gatepost_client.models import GateKind  # noqa: PLC0415

    add_deployment_argument(parser)
    gates = [gate.value for gate in GateKind]
    parser.add_argument("gate", choices=gates, help="gate to override")
    _add_reason_argument(parser)


def _add_break_glass_arguments(parser: ArgumentParser) -> None:
    add_deployment_argument(parser)
    parser.add_argument("--incident", required=True, help="incident reference, for example INC-7")
    parser.add_argument(
        "--start",
        action="store_true",
        help="also start the deployment, if you are allowed to and its gates are open",
    )
    _add_reason_argument(parser)


def _add_after_review_arguments(parser: ArgumentParser) -> None:
    from gatepost_client.models import Verdict  # noqa: PLC0415

    add_deployment_argument(parser)
    verdicts = [verdict.value for verdict in Verdict]
    parser.add_argument("verdict", choices=verdicts, help="whether using break-glass was justified")
    parser.add_argument("--note", required=True, help="explanation, recorded permanently")


def _add_reason_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--reason", required=True, help="reason of at least 10 characters, recorded permanently"
    )


COMMANDS: Final = (
    Command(
        name="override",
        summary="override one gate of a deployment, in an emergency",
        add_arguments=_add_override_arguments,
        run=override,
    ),
    Command(
        name="break-glass",
        summary="approve a deployment without its reviewers, in an emergency",
        add_arguments=_add_break_glass_arguments,
        run=break_glass,
    ),
    Command(
        name="after-review",
        summary="review a break-glass approval afterwards, as a reviewer",
        add_arguments=_add_after_review_arguments,
        run=close_after_review,
    ),
)
