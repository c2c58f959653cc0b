"""`gatepost preview`: the review and the gates of a deployment, without requesting it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.gates import action_table, gate_table
from gatepost_cli.commands.request_deployment import add_field_arguments, request_body
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Review


def _add_arguments(parser: ArgumentParser) -> None:
    add_field_arguments(parser)
    parser.add_argument(
        "--unregistered",
        action="store_true",
        help="preview a version that is not registered yet, such as one built from a pull request",
    )


def preview_deployment(context: Context, arguments: Namespace) -> ExitCode:
    """Write the stages of the review, the gates, and what the caller could do."""
    preview = context.gatepost.preview_deployment(
        request_body(arguments), assume_registered=arguments.unregistered or None
    )
    context.answer(
        f"{_review_text(preview.review)}\n\n{gate_table(preview.gates)}\n\n"
        f"{action_table(preview.actions)}"
    )
    return ExitCode.SUCCESS


def _review_text(review: Review) -> str:
    if not review.stages:
        return "Approval: not required"
    stages = ", then ".join(f"{stage.name} ({stage.required})" for stage in review.stages)
    return f"Approval: {stages}"


COMMAND: Final = Command(
    name="preview",
    summary="show the approvals and gates that a deployment would have to pass",
    add_arguments=_add_arguments,
    run=preview_deployment,
)
