"""`gatepost unblock` and `release`: lifting a version block or a promotion hold."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context


def unblock(context: Context, arguments: Namespace) -> ExitCode:
    """Allow a version that was rolled back to be deployed again."""
    from gatepost_client.models import UnblockBody  # noqa: PLC0415

    service, version, environment = arguments.service, arguments.version, arguments.environment
    body = UnblockBody(environment=environment, reason=arguments.reason)
    context.gatepost.unblock_version(service, version, body)
    context.answer(f"{service} {version} can be deployed to {environment} again.")
    return ExitCode.SUCCESS


def release_hold(context: Context, arguments: Namespace) -> ExitCode:
    """Allow automatic promotion of a service to an environment again."""
    from gatepost_client.models import ReleaseBody  # noqa: PLC0415

    service, environment = arguments.service, arguments.environment
    context.gatepost.release_hold(service, environment, ReleaseBody(reason=arguments.reason))
    context.answer(f"{service} can be promoted automatically to {environment} again.")
    return ExitCode.SUCCESS


def _add_unblock_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument(
        "--in",
        required=True,
        dest="environment",
        metavar="ENVIRONMENT",
        help="environment in which the version is blocked",
    )
    _add_reason_argument(parser)


def _add_release_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("environment", metavar="ENVIRONMENT")
    _add_reason_argument(parser)


def _add_reason_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, help="reason, recorded permanently")


COMMANDS: Final = (
    Command(
        name="unblock",
        summary="allow a version that was rolled back to be deployed again",
        add_arguments=_add_unblock_arguments,
        run=unblock,
    ),
    Command(
        name="release",
        summary="allow automatic promotion of a service to an environment again",
        add_arguments=_add_release_arguments,
        run=release_hold,
    ),
)
