"""`gatepost target`: how a service is rolled out and checked in an environment."""

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
from gatepost_cli.core.arguments import parse_timestamp
from gatepost_cli.core.command import Command, CommandGroup
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_HEADINGS: Final = ("environment", "executor", "base url", "checks", "changed", "by")
_READ_ONLY: Final = frozenset({"service", "environment", "changed_at", "changed_by", "revision"})


def list_targets(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each target ever configured for a service."""
    targets, document = context.fetch_all(context.gatepost.list_targets, arguments.service)
    rows = (
        (
            each.environment,
            each.executor.kind,
            each.base_url,
            f"{len(each.checks)}",
            format_instant(each.changed_at),
            each.changed_by,
        )
        for each in targets
    )
    context.answer_table(_HEADINGS, rows, json=document)
    return ExitCode.SUCCESS


def show_target(context: Context, arguments: Namespace) -> ExitCode:
    """Print the settings of a target."""
    context.gatepost.get_target(arguments.service, arguments.environment)
    return answer_with_last_response(context)


def set_target(context: Context, arguments: Namespace) -> ExitCode:
    """Replace the settings with those in a file, such as the edited output of `show --json`."""
    settings = read_settings(arguments.file)
    body = {name: value for name, value in settings.items() if name not in _READ_ONLY}
    result = context.gatepost.put_target(
        arguments.service, arguments.environment, body, reason=arguments.reason
    )
    return answer_change(context, result, f"{_target_name(arguments)} has been changed.")


def retire_target(context: Context, arguments: Namespace) -> ExitCode:
    """Record that a service no longer runs in an environment."""
    result = context.gatepost.retire_target(
        arguments.service, arguments.environment, at=arguments.at, reason=arguments.reason
    )
    return answer_change(context, result, f"{_target_name(arguments)} has been retired.")


def _target_name(arguments: Namespace) -> str:
    return f"{arguments.service} in {arguments.environment}"


def _add_service(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")


def _add_target(parser: ArgumentParser) -> None:
    _add_service(parser)
    parser.add_argument("environment", metavar="ENVIRONMENT")


def _add_set_arguments(parser: ArgumentParser) -> None:
    _add_target(parser)
    add_file_argument(parser, "the settings, such as the edited output of `target show --json`")
    add_reason_argument(parser)


def _add_retire_arguments(parser: ArgumentParser) -> None:
    _add_target(parser)
    parser.add_argument(
        "--at",
        type=parse_timestamp,
        metavar="TIME",
        help="when the target was retired (default: now)",
    )
    add_reason_argument(parser)


GROUP: Final = CommandGroup(
    name="target",
    summary="list, show, set and retire the targets of a service",
    commands=(
        Command(
            name="list",
            summary="list the targets of a service",
            add_arguments=_add_service,
            run=list_targets,
        ),
        Command(name="show", summary="show a target", add_arguments=_add_target, run=show_target),
        Command(
            name="set",
            summary="replace the settings of a target",
            add_arguments=_add_set_arguments,
            run=set_target,
        ),
        Command(
            name="retire",
            summary="record that a service no longer runs in an environment",
            add_arguments=_add_retire_arguments,
            run=retire_target,
        ),
    ),
)
