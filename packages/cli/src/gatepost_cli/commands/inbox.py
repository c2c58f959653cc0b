"""`gatepost inbox`: the deployments and settings changes that are waiting for your decision."""

from __future__ import annotations

from argparse import Namespace
from itertools import compress
from typing import TYPE_CHECKING, Final, cast

from gatepost_cli.commands.settings_changes import settings_change_table
from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import InboxPage, PendingReview, ReviewRefused

RefusedJson = dict[str, list[object]]

_HEADINGS: Final = (
    "number",
    "service",
    "version",
    "environment",
    "stage",
    "requester",
    "requested",
    "would be dependent",
)
_REFUSED_HEADINGS: Final = (
    "number",
    "service",
    "version",
    "environment",
    "requester",
    "you cannot review it",
)


def show_inbox(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each deployment and each settings change that the caller can decide on."""
    from gatepost_client.models import SettingsChangeState  # noqa: PLC0415

    refused: list[ReviewRefused] = []
    refused_json: list[object] = []

    def list_inbox(*, limit: int | None = None, cursor: str | None = None) -> InboxPage:
        page = context.gatepost.list_inbox(limit=limit, cursor=cursor)
        refused.extend(page.refused)
        refused_json.extend(cast("RefusedJson", context.last_response)["refused"])
        return page

    deployments, document = context.fetch_all(list_inbox)
    pending, page = context.fetch_all(
        context.gatepost.list_settings_changes, state=SettingsChangeState.PENDING
    )
    approvable = [change.can_approve for change in pending]
    texts = [table(_HEADINGS, map(_row, deployments))]
    if refused:
        texts.append(table(_REFUSED_HEADINGS, map(_refused_row, refused)))
    if any(approvable):
        texts.append(settings_change_table(compress(pending, approvable)))
    changes = [*compress(page["items"], approvable)]
    context.answer(
        "\n\n".join(texts), json={**document, "refused": refused_json, "settings_changes": changes}
    )
    return ExitCode.SUCCESS


def _row(deployment: PendingReview) -> tuple[str | None, ...]:
    return (
        deployment.number,
        deployment.service,
        deployment.version,
        deployment.environment,
        _stage(deployment),
        deployment.requester,
        format_instant(deployment.created_at),
        "; ".join(deployment.would_be_dependent) or None,
    )


def _refused_row(deployment: ReviewRefused) -> tuple[str | None, ...]:
    return (
        deployment.number,
        deployment.service,
        deployment.version,
        deployment.environment,
        deployment.requester,
        deployment.refused_because,
    )


def _stage(deployment: PendingReview) -> str | None:
    if deployment.after_review is not None:
        return f"break-glass review ({deployment.after_review.state})"
    return next((stage.name for stage in deployment.review.stages if not stage.satisfied), None)


COMMAND: Final = Command(
    name="inbox",
    summary="list the deployments and settings changes waiting for your decision",
    add_arguments=add_no_arguments,
    run=show_inbox,
)
