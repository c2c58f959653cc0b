"""`gatepost policy`: what an environment requires of a deployment."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.shared_settings_input_output import (
    add_file_argument,
    add_reason_argument,
    answer_change,
    answer_with_last_response,
    read_settings,
)
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_HEADINGS: Final = ("version", "since", "by", "approval stages")
_READ_ONLY: Final = frozenset({"environment", "version", "created_at", "created_by"})


def show_policy(context: Context, arguments: Namespace) -> ExitCode:
    """Print the policy in force in an environment."""
    context.gatepost.get_policy(arguments.environment)
    return answer_with_last_response(context)


def list_policy_versions(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each version of the policy, newest first."""
    policies, document = context.fetch_all(
        context.gatepost.list_policy_versions, arguments.environment
    )
    rows = (
        (
            f"{each.version}",
            format_instant(each.created_at),
            each.created_by,
            ", ".join(stage.name for stage in each.approval_stages),
        )
        for each in policies
    )
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def set_policy(context: Context, arguments: Namespace) -> ExitCode:
    """Replace the policy with the one in a file, such as the edited output of `show --json`."""
    settings = read_settings(arguments.file)
    body = {name: value for name, value in settings.items() if name not in _READ_ONLY}
    result = context.gatepost.put_policy(arguments.environment, body, reason=arguments.reason)
    done = f"The policy of {arguments.environment} has been changed."
    return answer_change(context, result, done)


def _add_environment(parser: ArgumentParser) -> None:
    parser.add_argument("environment", metavar="ENVIRONMENT")


def _add_set_arguments(parser: ArgumentParser) -> None:
    _add_environment(parser)
    add_file_argument(parser, "the policy, such as the edited output of `policy show --json`")
    add_reason_argument(parser)


GROUP: Final = CommandGroup(
    name="policy",
    summary="show, list and set the policies of environments",
    commands=(
        Command(
            name="show",
            summary="show the policy of an environment",
            add_arguments=_add_environment,
            run=show_policy,
        ),
        Command(
            name="list",
            summary="list the versions of an environment's policy, newest first",
            add_arguments=_add_environment,
            run=list_policy_versions,
        ),
        Command(
            name="set",
            summary="replace the policy of an environment",
            add_arguments=_add_set_arguments,
            run=set_policy,
        ),
    ),
)
