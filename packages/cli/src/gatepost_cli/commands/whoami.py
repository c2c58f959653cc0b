"""`gatepost whoami`: the user to whom the token belongs, and the token's roles."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import Grant


def whoami(context: Context, _: Namespace) -> ExitCode:
    """Write the user and what the token allows, without the token itself."""
    me = context.gatepost.get_me()
    entries = {
        "name": me.user.name,
        "kind": me.user.kind,
        "roles": "\n".join(map(_role, me.grants)) or "none",
        "groups": ", ".join(me.user.groups) or "none",
        "token": me.token.label,
        "issuer": me.token.issuer,
        "expires": format_instant(me.token.expires_at) or "never",
    }
    context.answer(format_key_values(entries))
    return ExitCode.SUCCESS


def _role(grant: Grant) -> str:
    service = f" for {grant.service}" if grant.service else ""
    environment = f" in {grant.environment}" if grant.environment else ""
    return f"{grant.role}{service}{environment}"


COMMAND: Final = Command(
    name="whoami",
    summary="show your user name, roles and groups",
    add_arguments=add_no_arguments,
    run=whoami,
)
