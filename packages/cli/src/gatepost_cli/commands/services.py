"""`gatepost service`: the services that are deployed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.shared_settings_input_output import (
    answer_with_last_response,
    resolve_opposite_options,
    without_nones,
)
from gatepost_cli.core.arguments import add_no_arguments
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_HEADINGS: Final = ("name", "team", "status", "repository")


def list_services(context: Context, _: Namespace) -> ExitCode:
    """Write a line for each service."""
    services, document = context.fetch_all(context.gatepost.list_services)
    rows = ((each.name, each.team, f"{each.status}", each.repo_url) for each in services)
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def show_service(context: Context, arguments: Namespace) -> ExitCode:
    """Write the details of a service."""
    context.gatepost.get_service(arguments.service)
    return answer_with_last_response(context)


def add_service(context: Context, arguments: Namespace) -> ExitCode:
    """Register a service."""
    body = without_nones(
        name=arguments.service,
        team=arguments.team,
        repo_url=arguments.repo_url,
        display_name=arguments.display_name,
        description=arguments.description,
    )
    service = context.gatepost.register_service(body)
    context.answer(f"{service.name} has been registered.")
    return ExitCode.SUCCESS


def change_service(context: Context, arguments: Namespace) -> ExitCode:
    """Change the given settings of a service."""
    body = without_nones(
        team=arguments.team,
        repo_url=arguments.repo_url,
        display_name=arguments.display_name,
        description=arguments.description,
        archived=resolve_opposite_options(yes=arguments.archive, no=arguments.restore),
    )
    context.gatepost.change_service(arguments.service, body)
    context.answer(f"{arguments.service} has been changed.")
    return ExitCode.SUCCESS


def _add_service(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")


def _add_settings(parser: ArgumentParser, *, required: bool) -> None:
    _add_service(parser)
    parser.add_argument("--team", required=required, help="the team that owns the service")
    parser.add_argument("--repo-url", required=required, metavar="URL", help="its repository's URL")
    parser.add_argument("--display-name", metavar="TEXT", help="name to display")
    parser.add_argument("--description", metavar="TEXT", help="what the service is")


def _add_new_arguments(parser: ArgumentParser) -> None:
    _add_settings(parser, required=True)


def _add_change_arguments(parser: ArgumentParser) -> None:
    _add_settings(parser, required=False)
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--archive", action="store_true", help="refuse further deployments")
    state.add_argument("--restore", action="store_true", help="allow deployments again")


GROUP: Final = CommandGroup(
    name="service",
    summary="list, show, add and change services",
    commands=(
        Command(
            name="list",
            summary="list the services",
            add_arguments=add_no_arguments,
            run=list_services,
        ),
        Command(
            name="show", summary="show a service", add_arguments=_add_service, run=show_service
        ),
        Command(
            name="add",
            summary="register a service",
            add_arguments=_add_new_arguments,
            run=add_service,
        ),
        Command(
            name="change",
            summary="change the given settings of a service",
            add_arguments=_add_change_arguments,
            run=change_service,
        ),
    ),
)
