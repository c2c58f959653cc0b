"""`gatepost show`: one deployment with all its fields."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.json_as_text import to_labelled_texts
from gatepost_cli.terminal.layout import format_key_values

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Independence, Review

_FIRST: Final = ("number", "kind", "status")
"""The fields that are shown first. All others follow in the order of the response."""

_OMITTED: Final = ("id", "revision")
"""The fields that are not shown, because they are meant for programs."""


def show_deployment(context: Context, arguments: Namespace) -> ExitCode:
    """Write every field that has a value, including fields that this client does not know."""
    deployment = context.gatepost.get_deployment(arguments.deployment)
    document = cast("Mapping[str, object]", context.last_response)
    names = [*_FIRST, *(name for name in document if name not in {*_FIRST, *_OMITTED})]
    fields = {name: document[name] for name in names} | {
        "review": _review(deployment.review),
        "independence": _describe_dependences(deployment.independence),
    }
    context.answer(format_key_values(to_labelled_texts(fields)))
    return ExitCode.SUCCESS


def _review(review: Review) -> str:
    stages = (
        f"{stage.name}: {len(stage.approvals)} of {stage.required}, "
        + (", ".join(approval.actor for approval in stage.approvals) or "no approvals yet")
        for stage in review.stages
    )
    return "\n".join([review.label, *stages])


def _describe_dependences(independence: Independence) -> str | None:
    """Return which reviewers depend on whom, and through what; None if all are independent."""
    lines = (
        f"{dependence.reviewer} depends on {dependence.of} through "
        f"{' and '.join(dependence.through)} ({dependence.by})"
        for dependence in independence.dependent
    )
    return "\n".join(lines) or None


COMMAND: Final = Command(
    name="show",
    summary="show a deployment",
    add_arguments=add_deployment_argument,
    run=show_deployment,
)
