"""Run a command with a client, and map errors to exit codes."""

from __future__ import annotations

import shutil
import sys
from argparse import Namespace
from functools import partial
from http import HTTPStatus
from typing import Final

import httpx2

from gatepost_cli.core.command import AnyCommand, Command, LocalCommand, UsageError
from gatepost_cli.core.connection import find_connection
from gatepost_cli.core.context import Clock, Context
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_client import (
    BadSettings,
    Gatepost,
    GatepostError,
    GatepostProblem,
    NotSendable,
    Retries,
)

_ACTING_AS_OWNER: Final = (
    "Using the owner's token from the data folder; log in or set GATEPOST_TOKEN to act as yourself."
)

RETRY_FOR_S: Final = 30.0
"""How long a request is retried by default."""


def run(
    command: AnyCommand,
    arguments: Namespace,
    *,
    transport: httpx2.BaseTransport | None,
    clock: Clock,
) -> ExitCode:
    """Run the command and return its exit code. Errors are written to standard error."""
    connect = partial(
        _connect, command, retries=_create_retries(arguments, clock), transport=transport
    )
    try:
        if isinstance(command, LocalCommand):
            return command.run(arguments, connect)
        connection = find_connection(arguments)
        with connect(connection.url, token=connection.token) as gatepost:
            if connection.uses_owner_token:
                output.write_message(_ACTING_AS_OWNER)
            context = Context(
                gatepost,
                as_json=arguments.result_format == "json",
                clock=clock,
                width=_terminal_width() if arguments.result_format == "table" else None,
            )
            return _run(command, context, arguments)
    except (UsageError, GatepostError) as error:
        output.write_message(f"gatepost: {error}")
        return exit_code_for(error)


def _connect(
    command: AnyCommand,
    url: str | None,
    *,
    token: str | None,
    retries: Retries | None,
    transport: httpx2.BaseTransport | None,
) -> Gatepost:
    connect = partial(Gatepost, url, token=token, retries=retries, transport=transport)
    if isinstance(command, Command) and command.timeout_s is not None:
        connect = partial(connect, timeout_s=command.timeout_s)
    return connect()


def _create_retries(arguments: Namespace, clock: Clock) -> Retries | None:
    """Return the retry settings, which announce only the first retry, or None without retries."""
    total_s = RETRY_FOR_S if arguments.retry_for is None else arguments.retry_for
    messages = iter((f"Retrying for up to {total_s:g} s.",))

    def announce_retry(error: GatepostError, _: float) -> None:
        for message in messages:
            output.write_message(f"gatepost: {error}\n{message}")

    if total_s == 0:
        return None
    return Retries(
        total_s=total_s, on_retry=announce_retry, monotonic=clock.monotonic, sleep=clock.sleep
    )


def _terminal_width() -> int | None:
    """Return the width of the terminal; None if standard output is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def exit_code_for(error: UsageError | GatepostError) -> ExitCode:
    """Return the exit code for a run that ends with this error."""
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
