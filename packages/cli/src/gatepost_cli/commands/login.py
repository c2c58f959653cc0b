"""`gatepost login`, `logout` and `profile`: the servers and tokens of this user."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from typing import Final

from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import CommandGroup, Connect, LocalCommand, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.core.profiles import (
    DEFAULT_PROFILE,
    Profile,
    read_profiles,
    remove_profile,
    set_current_profile,
    store_profile,
)
from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import table


def log_in(arguments: Namespace, connect: Connect) -> ExitCode:
    """Check that the server accepts a token, and store the token and the server's URL."""
    token = arguments.token or _read_token()
    with connect(arguments.url, token=token) as gatepost:
        user = gatepost.get_me().user.name
        url = str(gatepost.client.get_httpx_client().base_url).rstrip("/")
    name = arguments.profile or os.environ.get("GATEPOST_PROFILE") or DEFAULT_PROFILE
    place = store_profile(Profile(name=name, url=url, token=token))
    output.write_result(f"You are {user} at {url}. The profile {name} is stored in {place}.")
    return ExitCode.SUCCESS


def log_out(arguments: Namespace, _: Connect) -> ExitCode:
    """Remove a profile; the token stays valid until it expires or is revoked."""
    profile = remove_profile(arguments.profile)
    output.write_result(f"The profile {profile.name} has been removed. Its token remains valid.")
    return ExitCode.SUCCESS


def list_profiles(_: Namespace, __: Connect) -> ExitCode:
    """Write a line for each profile; the tokens are not shown."""
    profiles = read_profiles()
    rows = (
        ("*" if name == profiles.current else "", name, profile.url)
        for name, profile in profiles.by_name.items()
    )
    output.write_result(table(("current", "name", "url"), rows))
    return ExitCode.SUCCESS


def make_profile_current(arguments: Namespace, _: Connect) -> ExitCode:
    """Make a profile the current one, which is used unless another one is given."""
    set_current_profile(arguments.name)
    output.write_result(f"The profile {arguments.name} is used from now on.")
    return ExitCode.SUCCESS


def _read_token() -> str:
    """Read the token from the terminal without showing it, or from standard input."""
    token = getpass.getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not token.strip():
        raise UsageError("the token is empty; pass it on standard input")
    return token.strip()


def _add_name(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")


COMMANDS: Final = (
    LocalCommand(
        name="login",
        summary="store the server's URL and your token, which is read from standard input",
        add_arguments=add_no_arguments,
        run=log_in,
    ),
    LocalCommand(
        name="logout",
        summary="remove a stored token",
        add_arguments=add_no_arguments,
        run=log_out,
    ),
    CommandGroup(
        name="profile",
        summary="list the stored servers, and choose the one to use",
        commands=(
            LocalCommand(
                name="list",
                summary="list the profiles",
                add_arguments=add_no_arguments,
                run=list_profiles,
            ),
            LocalCommand(
                name="use",
                summary="use a profile from now on",
                add_arguments=_add_name,
                run=make_profile_current,
            ),
        ),
    ),
)
