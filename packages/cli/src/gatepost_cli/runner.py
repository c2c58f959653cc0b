"""Run a command with a client, and map errors to exit codes."""

from __future__ import annotations

from argparse import Namespace
from functools import partial
from http import HTTPStatus

import httpx2

from gatepost_cli.core.command import Command, UsageError
from gatepost_cli.core.context import Clock, Context
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_client import BadSettings, Gatepost, GatepostError, GatepostProblem, NotSendable


def run(
    command: Command,
    arguments: Namespace,
    *,
    transport: httpx2.BaseTransport | None,
    clock: Clock,
) -> ExitCode:
    """Run the command and return its exit code. Errors are written to standard error."""
    connect = partial(
        Gatepost, arguments.url, token=arguments.token, transport=transport, retries=None
    )
    if command.timeout_s is not None:
        connect = partial(connect, timeout_s=command.timeout_s)
    try:
        with connect() as gatepost:
            context = Context(gatepost, as_json=arguments.result_format == "json", clock=clock)
            return _run(command, context, arguments)
    except (UsageError, GatepostError) as error:
        output.write_message(f"gatepost: {error}")
        return exit_code_for(error)


def exit_code_for(error: UsageError | GatepostError) -> ExitCode:
    """Return the exit code of a run that ends with this error."""
    match error:
        case UsageError() | BadSettings() | NotSendable():
            return ExitCode.USAGE
        case GatepostProblem(status=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return ExitCode.REFUSED
        case _:
            return ExitCode.UNREACHABLE


def _run(command: Command, context: Context, arguments: Namespace) -> ExitCode:
    try:
        return command.run(context, arguments)
    except GatepostProblem:
        if context.as_json:  # programs read the problem's code from the document
            context.answer("")
        raise
