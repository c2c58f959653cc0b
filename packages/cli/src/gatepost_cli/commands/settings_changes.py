"""`gatepost settings-changes`: changes to guarded settings, and the decisions on them."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import SettingsChange

_HEADINGS: Final = ("id", "state", "operation", "subject", "requester", "requested", "reason")
_STATES: Final = ("pending", "applied", "rejected", "stale")


def settings_change_table(changes: Iterable[SettingsChange]) -> str:
    """Return a line for each settings change."""
    return table(_HEADINGS, map(_row, changes))


def list_changes(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each settings change, newest first."""
    from gatepost_client.models import SettingsChangeState  # noqa: PLC0415

    state = None if arguments.state is None else SettingsChangeState(arguments.state)
    changes, document = context.fetch_all(context.gatepost.list_settings_changes, state=state)
    context.answer(settings_change_table(changes), json=document)
    return ExitCode.SUCCESS


def show_change(context: Context, arguments: Namespace) -> ExitCode:
    """Write a settings change with the old and the new text of each changed setting."""
    change = context.gatepost.get_settings_change(arguments.settings_change)
    details = change.change
    fields = {
        "id": str(change.id),
        "state": str(change.state),
        "operation": str(details.operation),
        "subject": change.subject,
        "guarded by": ", ".join(details.environments),
        "newly gives": ", ".join(details.gives) or None,
        "changes": "\n".join(_differences(change)) or None,
        "reason": change.reason,
        "requested by": change.requested_by,
        "requested at": format_instant(change.requested_at),
        "decided by": change.decided_by,
        "decided at": format_instant(change.decided_at),
        "note": change.note,
        "can approve": "yes" if change.can_approve else "no",
    }
    context.answer(format_key_values(fields))
    return ExitCode.SUCCESS


def approve(context: Context, arguments: Namespace) -> ExitCode:
    """Approve a settings change and apply it."""
    from gatepost_client.models import SettingsChangeApproval  # noqa: PLC0415

    change = context.gatepost.approve_settings_change(
        arguments.settings_change, SettingsChangeApproval(note=arguments.note)
    )
    context.answer(f"The change to {change.subject} has been approved and is in force.")
    return ExitCode.SUCCESS


def reject(context: Context, arguments: Namespace) -> ExitCode:
    """Reject a settings change, or withdraw one's own."""
    from gatepost_client.models import SettingsChangeRejection  # noqa: PLC0415

    change = context.gatepost.reject_settings_change(
        arguments.settings_change, SettingsChangeRejection(note=arguments.note)
    )
    context.answer(f"The change to {change.subject} has been rejected.")
    return ExitCode.SUCCESS


def _row(change: SettingsChange) -> tuple[str | None, ...]:
    return (
        str(change.id),
        str(change.state),
        str(change.change.operation),
        change.subject,
        change.requested_by,
        format_instant(change.requested_at),
        change.reason,
    )


def _differences(change: SettingsChange) -> Iterable[str]:
    before: Mapping[str, object] = (
        {} if change.change.before is None else change.change.before.additional_properties
    )
    after: Mapping[str, object] = change.change.after.additional_properties
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield f"{name}: {_text(before.get(name))} -> {_text(after.get(name))}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _add_list_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--state", choices=_STATES, help="only settings changes in this state")


def _add_change_argument(parser: ArgumentParser) -> None:
    parser.add_argument("settings_change", metavar="ID", help="id of the settings change")


def _add_approval_arguments(parser: ArgumentParser) -> None:
    _add_change_argument(parser)
    parser.add_argument("--note", help="note, recorded permanently")


def _add_rejection_arguments(parser: ArgumentParser) -> None:
    _add_change_argument(parser)
    parser.add_argument("--note", required=True, help="reason, recorded permanently")


GROUP: Final = CommandGroup(
    name="settings-changes",
    summary="list and decide on changes to guarded settings (for admins)",
    commands=(
        Command(
            name="list",
            summary="list settings changes, newest first",
            add_arguments=_add_list_arguments,
            run=list_changes,
        ),
        Command(
            name="show",
            summary="show a settings change, with the old and the new text of each setting",
            add_arguments=_add_change_argument,
            run=show_change,
        ),
        Command(
            name="approve",
            summary="approve and apply a settings change that another admin requested",
            add_arguments=_add_approval_arguments,
            run=approve,
        ),
        Command(
            name="reject",
            summary="reject a settings change, or withdraw your own",
            add_arguments=_add_rejection_arguments,
            run=reject,
        ),
    ),
)
