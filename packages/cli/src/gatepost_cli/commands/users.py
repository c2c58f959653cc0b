"""`gatepost user`: people and service accounts, with their roles."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.shared_settings_input_output import (
    add_reason_argument,
    answer_change,
    answer_with_last_response,
    resolve_opposite_options,
    without_nones,
)
from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Grant

_HEADINGS: Final = ("name", "kind", "state", "roles", "groups")


def list_users(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each user."""
    users, document = context.fetch_all(context.gatepost.list_users)
    rows = (
        (
            each.name,
            f"{each.kind}",
            "disabled" if each.disabled else "active",
            ", ".join(map(grant_text, each.grants)),
            ", ".join(each.groups),
        )
        for each in users
    )
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def show_user(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of a user."""
    context.gatepost.get_user(arguments.user)
    return answer_with_last_response(context)


def add_user(context: Context, arguments: Namespace) -> ExitCode:
    """Add a user, who can do nothing until invited or given a token."""
    body = without_nones(
        name=arguments.user,
        kind=arguments.kind,
        display_name=arguments.display_name,
        grants=arguments.role,
        groups=arguments.group,
        reason=arguments.reason,
    )
    result = context.gatepost.add_user(body)
    return answer_change(context, result, f"{arguments.user} has been added.")


def change_user(context: Context, arguments: Namespace) -> ExitCode:
    """Change the given settings of a user; new roles or groups replace all current ones."""
    body = without_nones(
        display_name=arguments.display_name,
        grants=arguments.role,
        groups=arguments.group,
        disabled=resolve_opposite_options(yes=arguments.disable, no=arguments.enable),
        reason=arguments.reason,
    )
    result = context.gatepost.change_user(arguments.user, body)
    return answer_change(context, result, f"{arguments.user} has been changed.")


def invite_user(context: Context, arguments: Namespace) -> ExitCode:
    """Invite a person, and write the link with which the person enrols."""
    invitation = context.gatepost.invite_user(arguments.user)
    context.answer(
        invitation.url
        or f"{arguments.user} has been invited, but the link was lost with the first response. "
        f"Create another one, which replaces the lost one: gatepost user invite {arguments.user}"
    )
    return ExitCode.SUCCESS


def grant_text(grant: Grant) -> str:
    """Return a role and where it applies, in the form that `--role` takes."""
    if grant.environment is not None:
        return f"{grant.role}@{grant.service or '*'}/{grant.environment}"
    return f"{grant.role}" if grant.service is None else f"{grant.role}@{grant.service}"


def parse_grant(text: str) -> dict[str, str]:
    """Return the grant in an argument such as `reviewer@shop/production`.

    Raises:
        ArgumentTypeError: The text has no role, or more than one `/` after the `@`.
    """
    role, _, place = text.partition("@")
    service, _, environment = place.partition("/")
    if not role or "/" in environment:
        raise ArgumentTypeError(
            f"{text!r} is not a role such as requester, or a role for a service or an environment "
            "such as requester@shop, requester@shop/test or requester@*/test"
        )
    names: Iterable[tuple[str, str]] = (("service", service), ("environment", environment))
    return {"role": role} | {name: value for name, value in names if value not in {"", "*"}}


def _add_user(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER")


def _add_settings(parser: ArgumentParser) -> None:
    _add_user(parser)
    parser.add_argument("--display-name", metavar="TEXT", help="name to display")
    parser.add_argument(
        "--role",
        action="append",
        type=parse_grant,
        metavar="ROLE[@SERVICE[/ENVIRONMENT]]",
        help="role, everywhere or only in one place, as in requester@shop/test (repeatable)",
    )
    parser.add_argument("--group", action="append", help="group of reviewers (repeatable)")


def _add_new_arguments(parser: ArgumentParser) -> None:
    from gatepost_client.models import UserKind  # noqa: PLC0415

    _add_settings(parser)
    parser.add_argument("--kind", choices=[f"{kind}" for kind in UserKind], help="default: human")
    add_reason_argument(parser)


def _add_change_arguments(parser: ArgumentParser) -> None:
    _add_settings(parser)
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--disable", action="store_true", help="refuse all of the user's tokens")
    state.add_argument("--enable", action="store_true", help="accept the user's tokens again")
    add_reason_argument(parser)


GROUP: Final = CommandGroup(
    name="user",
    summary="list, show, add, change and invite users",
    commands=(
        Command(
            name="list", summary="list the users", add_arguments=add_no_arguments, run=list_users
        ),
        Command(name="show", summary="show a user", add_arguments=_add_user, run=show_user),
        Command(
            name="add",
            summary="add a user or a service account",
            add_arguments=_add_new_arguments,
            run=add_user,
        ),
        Command(
            name="change",
            summary="change the given settings of a user; new roles or groups replace the old ones",
            add_arguments=_add_change_arguments,
            run=change_user,
        ),
        Command(
            name="invite",
            summary="print a link with which a person enrols",
            add_arguments=_add_user,
            run=invite_user,
        ),
    ),
)
