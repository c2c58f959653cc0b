"""`gatepost token`: the tokens of service accounts, and your own tokens."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.shared_settings_input_output import without_nones
from gatepost_cli.commands.users import grant_text, parse_grant
from gatepost_cli.core.arguments import parse_timestamp
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_HEADINGS: Final = ("id", "kind", "label", "scopes", "expires", "last used", "revoked")
_NOT_REPEATED: Final = (
    "The token was issued, but its secret was lost with the first response. Revoke it and issue "
    "another one: gatepost token revoke {user} {id}"
)


def list_tokens(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each token of a user; the server does not store secrets."""
    tokens, document = context.fetch_all(context.gatepost.list_tokens, arguments.user)
    rows = (
        (
            f"{each.id}",
            f"{each.kind}",
            each.label,
            None if each.scopes is None else ", ".join(map(grant_text, each.scopes)),
            format_instant(each.expires_at) or "never",
            format_instant(each.last_used_at),
            format_instant(each.revoked_at),
        )
        for each in tokens
    )
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def add_token(context: Context, arguments: Namespace) -> ExitCode:
    """Issue a token and write its secret, which is shown only once."""
    body = without_nones(
        label=arguments.label, expires_at=arguments.expires, scopes=arguments.scope
    )
    issued = context.gatepost.issue_token(arguments.user, body)
    missing = _NOT_REPEATED.format(user=arguments.user, id=issued.token.id)
    context.answer(issued.secret or missing)
    return ExitCode.SUCCESS


def revoke_token(context: Context, arguments: Namespace) -> ExitCode:
    """Revoke a token at once."""
    context.gatepost.revoke_token(arguments.user, arguments.token_id)
    context.answer(f"The token {arguments.token_id} of {arguments.user} has been revoked.")
    return ExitCode.SUCCESS


def _add_user(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="USER")


def _add_new_arguments(parser: ArgumentParser) -> None:
    _add_user(parser)
    parser.add_argument("--label", metavar="TEXT", help="what the token is used for")
    parser.add_argument(
        "--expires", type=parse_timestamp, metavar="TIME", help="when the token expires"
    )
    parser.add_argument(
        "--scope",
        action="append",
        type=parse_grant,
        metavar="ROLE[@SERVICE[/ENVIRONMENT]]",
        help="limit the token to this role of the user, as in requester@shop/test (repeatable)",
    )


def _add_revoke_arguments(parser: ArgumentParser) -> None:
    _add_user(parser)
    parser.add_argument("token_id", metavar="ID", help="id of the token")


GROUP: Final = CommandGroup(
    name="token",
    summary="list, add and revoke tokens",
    commands=(
        Command(
            name="list",
            summary="list the tokens of a user",
            add_arguments=_add_user,
            run=list_tokens,
        ),
        Command(
            name="add",
            summary="issue a token and print its secret",
            add_arguments=_add_new_arguments,
            run=add_token,
        ),
        Command(
            name="revoke",
            summary="revoke a token",
            add_arguments=_add_revoke_arguments,
            run=revoke_token,
        ),
    ),
)
