"""`gatepost wait` and `watch`: waiting for a deployment, and following events."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.commands.events import follow_events
from gatepost_cli.core.arguments import add_deployment_argument, parse_seconds
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_STATUSES: Final = ("pending_approval", "approved", "queued", "started", "succeeded")


def wait(context: Context, arguments: Namespace) -> ExitCode:
    """Wait until a deployment ends or reaches a given status; meanwhile, write why it waits."""
    from gatepost_cli.core.watch import watch_deployment  # noqa: PLC0415

    context.gatepost.get_deployment(arguments.deployment)
    timeout_s = math.inf if arguments.timeout is None else arguments.timeout
    if arguments.until is not None:
        return _wait_for_status(context, arguments)
    exit_code, document = watch_deployment(context, arguments.deployment, timeout_s=timeout_s)
    if context.as_json:
        context.answer("", json=document)
    return exit_code


def _wait_for_status(context: Context, arguments: Namespace) -> ExitCode:
    from gatepost_client import DeploymentEnded, WaitTimedOut  # noqa: PLC0415

    try:
        deployment = context.gatepost.wait_for(
            arguments.deployment, arguments.until, timeout_s=arguments.timeout
        )
    except DeploymentEnded as ended:
        output.write_message(f"{ended}")
        return ExitCode.NOT_DEPLOYED
    except WaitTimedOut as timed_out:
        output.write_message(f"{timed_out}")
        return ExitCode.TIMED_OUT
    context.answer(f"{deployment.number} is {deployment.status}.", json=deployment.to_dict())
    return ExitCode.SUCCESS


def watch(context: Context, arguments: Namespace) -> ExitCode:
    """Write the events of a deployment until it has ended, or all events indefinitely."""
    arguments.follow, arguments.after, arguments.kind = True, None, None
    return follow_events(context, arguments)


def _add_wait_arguments(parser: ArgumentParser) -> None:
    add_deployment_argument(parser)
    parser.add_argument(
        "--until",
        choices=_STATUSES,
        help="wait only until the deployment has this status (default: until it has ended)",
    )
    parser.add_argument(
        "--timeout", type=parse_seconds, metavar="S", help="longest time to wait, in seconds"
    )


def _add_watch_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "deployment", metavar="DEP-42", nargs="?", help="deployment (default: all events)"
    )


COMMANDS: Final = (
    Command(
        name="wait",
        summary="wait until a deployment ends or reaches a given status, and show why it waits",
        add_arguments=_add_wait_arguments,
        run=wait,
    ),
    Command(
        name="watch",
        summary="print all events, or those of a deployment, as they happen",
        add_arguments=_add_watch_arguments,
        run=watch,
    ),
)
