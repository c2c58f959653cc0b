"""Command-line arguments of the user and token commands, and their dispatch."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from gatepost_api.settings.server import StorageLocation
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import Account, UserKind

AddCommand: TypeAlias = Callable[..., argparse.ArgumentParser]
"""Adds a command to a parser, like the `add_parser` method of its subparsers."""


def add_user_commands(
    add_command: AddCommand,
    storage: argparse.ArgumentParser,
    *,
    add_url: Callable[[argparse.ArgumentParser], None],
    local_token_days: int,
) -> None:
    """Add the commands `users`, `tokens` and `sign-in-link`; `add_url` adds the `--url` option."""
    _add_users(add_command, storage, add_url)
    _add_tokens(add_command, storage, local_token_days)
    link = add_command(
        "sign-in-link", parents=[storage], help="print a one-time link that signs a browser in"
    )
    link.add_argument("name", nargs="?", default="owner", help="name of the user (%(default)s)")
    _add_print_link(link)
    add_url(link)


def _add_users(
    add_command: AddCommand,
    storage: argparse.ArgumentParser,
    add_url: Callable[[argparse.ArgumentParser], None],
) -> None:
    users = add_command("users", help="manage users")
    add_users_command = users.add_subparsers(dest="users_command", required=True).add_parser
    add_users_command("list", parents=[storage], help="list the users")
    add = add_users_command("add", parents=[storage], help="add a user and print a token")
    add.add_argument("name", help="name of the user")
    add.add_argument("--kind", choices=[*UserKind], default=UserKind.HUMAN, type=UserKind)
    add.add_argument("--role", choices=[*Role], type=Role, action="append", default=[])
    add.add_argument("--group", action="append", default=[], help="such as qa or devops")
    invite = add_users_command(
        "invite", parents=[storage], help="print a one-time link with which a person enrols"
    )
    reset = add_users_command(
        "reset",
        parents=[storage],
        help="revoke all credentials of a user, and everything created with them",
    )
    disable = add_users_command("disable", parents=[storage], help="disable a user")
    disable.add_argument(
        "--force", action="store_true", help="disable the user, even the last admin"
    )
    token = add_users_command(
        "token", parents=[storage], help="print another token for an existing user"
    )
    link = add_users_command(
        "link", parents=[storage], help="link an account at an identity provider to a user"
    )
    for command in (invite, reset, disable, token, link):
        command.add_argument("name", help="name of the user")
    link.add_argument("--issuer", required=True, help="issuer, as in the iss claim of its tokens")
    account = link.add_mutually_exclusive_group(required=True)
    account.add_argument(
        "--subject", help="the sub claim in the tokens with which the user signs in"
    )
    account.add_argument(
        "--login-name", help="the name that pipelines report, such as the GitHub login"
    )
    _add_print_link(invite)
    add_url(invite)


def _add_tokens(
    add_command: AddCommand, storage: argparse.ArgumentParser, local_token_days: int
) -> None:
    tokens = add_command("tokens", help="manage tokens")
    add_tokens_command = tokens.add_subparsers(dest="tokens_command", required=True).add_parser
    listed = add_tokens_command("list", parents=[storage], help="list the valid tokens of a user")
    revoke = add_tokens_command(
        "revoke", parents=[storage], help="revoke a token and everything created with it"
    )
    rotate = add_tokens_command(
        "rotate", parents=[storage], help="replace the token in a token file and revoke the old one"
    )
    for command in (listed, revoke):
        command.add_argument("name", help="name of the user")
    revoke.add_argument("token", help="id of the token")
    rotate.add_argument("name", choices=["owner", "worker"], help="whose token file")
    rotate.set_defaults(local_token_days=local_token_days)


def _add_print_link(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--print-link",
        action="store_true",
        help="print the link even if the output is not a terminal",
    )


def run_user_command(
    options: argparse.Namespace, location: StorageLocation, server_url: Callable[[], str]
) -> int:
    """Run the command and return its exit code."""
    from gatepost_api.server import user_commands  # noqa: PLC0415

    if options.command == "tokens":
        return _run_token_command(options, location)
    if options.command == "sign-in-link":
        return user_commands.print_sign_in_link(
            location, options.name, url=server_url(), print_link=options.print_link
        )
    if options.users_command == "invite":
        return user_commands.print_invitation(
            location, options.name, url=server_url(), print_link=options.print_link
        )
    return _run_users_command(options, location)


def _run_users_command(options: argparse.Namespace, location: StorageLocation) -> int:
    from gatepost_api.server import user_commands  # noqa: PLC0415

    match options.users_command:
        case "list":
            return user_commands.list_users(location)
        case "reset":
            return user_commands.reset(location, options.name)
        case "disable":
            return user_commands.disable(location, options.name, force=options.force)
        case "token":
            return user_commands.print_new_token(location, options.name)
        case "link":
            return user_commands.link(location, options.name, _account(options))
        case _:
            return user_commands.add_user_and_print_token(
                location,
                options.name,
                kind=options.kind,
                roles=options.role,
                groups=options.group,
            )


def _account(options: argparse.Namespace) -> Account:
    if options.subject is not None:
        return Account.of_subject(options.issuer, options.subject)
    return Account.of_name(options.issuer, options.login_name)


def _run_token_command(options: argparse.Namespace, location: StorageLocation) -> int:
    from gatepost_api.server import token_commands  # noqa: PLC0415

    match options.tokens_command:
        case "list":
            return token_commands.list_tokens(location, options.name)
        case "revoke":
            return token_commands.revoke(location, options.name, options.token)
        case _:
            return token_commands.rotate(
                location, options.name, lifetime_days=options.local_token_days
            )
