"""`gatepost environment`: the environments that services are deployed to."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
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

_HEADINGS: Final = ("name", "tier", "rank", "policy", "state")
_TIERS: Final = ("development", "test", "staging", "production")


def list_environments(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each environment, in order of rank."""
    environments, document = context.fetch_all(context.gatepost.list_environments)
    rows = (
        (
            each.name,
            f"{each.tier}",
            f"{each.rank}",
            f"version {each.policy_version}",
            "archived" if each.archived else "in use",
        )
        for each in environments
    )
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def show_environment(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of an environment."""
    context.gatepost.get_environment(arguments.environment)
    return answer_with_last_response(context)


def add_environment(context: Context, arguments: Namespace) -> ExitCode:
    """Create an environment with the default policy of its tier."""
    body = without_nones(
        name=arguments.environment,
        tier=arguments.tier,
        rank=arguments.rank,
        display_name=arguments.display_name,
    )
    environment = context.gatepost.create_environment(body)
    context.answer(f"{environment.name} has been created.")
    return ExitCode.SUCCESS


def change_environment(context: Context, arguments: Namespace) -> ExitCode:
    """Change the given settings of an environment."""
    body = without_nones(
        tier=arguments.tier,
        rank=arguments.rank,
        display_name=arguments.display_name,
        archived=resolve_opposite_options(yes=arguments.archive, no=arguments.restore),
        reason=arguments.reason,
    )
    result = context.gatepost.change_environment(arguments.environment, body)
    return answer_change(context, result, f"{arguments.environment} has been changed.")


def _add_environment(parser: ArgumentParser) -> None:
    parser.add_argument("environment", metavar="ENVIRONMENT")


def _add_settings(parser: ArgumentParser, *, required: bool) -> None:
    _add_environment(parser)
    parser.add_argument(
        "--tier", required=required, choices=_TIERS, help="what the environment is used for"
    )
    parser.add_argument(
        "--rank", type=int, metavar="N", help="position in the order of environments"
    )
    parser.add_argument("--display-name", metavar="TEXT", help="name to display")


def _add_new_arguments(parser: ArgumentParser) -> None:
    _add_settings(parser, required=True)


def _add_change_arguments(parser: ArgumentParser) -> None:
    _add_settings(parser, required=False)
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--archive", action="store_true", help="refuse further deployments")
    state.add_argument("--restore", action="store_true", help="allow deployments again")
    add_reason_argument(parser)


GROUP: Final = CommandGroup(
    name="environment",
    summary="list, show, add and change environments",
    commands=(
        Command(
            name="list",
            summary="list the environments in order of rank",
            add_arguments=add_no_arguments,
            run=list_environments,
        ),
        Command(
            name="show",
            summary="show an environment",
            add_arguments=_add_environment,
            run=show_environment,
        ),
        Command(
            name="add",
            summary="create an environment with the default policy of its tier",
            add_arguments=_add_new_arguments,
            run=add_environment,
        ),
        Command(
            name="change",
            summary="change the given settings of an environment",
            add_arguments=_add_change_arguments,
            run=change_environment,
        ),
    ),
)
