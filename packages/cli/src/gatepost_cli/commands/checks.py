"""`gatepost checks`: run the checks of a target outside of a deployment, and list the results."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import parse_seconds
from gatepost_cli.core.command import Command, CommandGroup, UsageError
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal import output
from gatepost_cli.terminal.layout import format_instant, table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import CheckRun

POLL_INTERVAL_S: Final = 1.0
"""The time between two polls of a check run."""

_RESULT_HEADINGS: Final = ("check", "result", "detail")
_RUN_HEADINGS: Final = ("id", "state", "outcome", "requester", "requested", "version")
_ENDED: Final = frozenset({"finished", "lost"})


def run_checks(context: Context, arguments: Namespace) -> ExitCode:
    """Start a check run and write its id or, with `--wait`, its results."""
    if arguments.timeout is not None and not arguments.wait:
        raise UsageError("--timeout requires --wait")
    run = context.gatepost.run_checks(arguments.service, arguments.environment)
    if not arguments.wait:
        context.answer(str(run.id))
        return ExitCode.SUCCESS
    timeout_s = math.inf if arguments.timeout is None else arguments.timeout
    run = _wait(context, run, timeout_s)
    context.answer(_describe(run))
    if str(run.state) not in _ENDED:
        output.write_message(f"Timed out after {timeout_s:g} s. The checks continue.")
        return ExitCode.TIMED_OUT
    return ExitCode.SUCCESS if str(run.outcome) == "passed" else ExitCode.CHECKS_NOT_PASSED


def list_check_runs(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each check run of a target, newest first."""
    runs, document = context.fetch_all(
        context.gatepost.list_check_runs, arguments.service, arguments.environment
    )
    context.answer_table(_RUN_HEADINGS, map(_row, runs), json=document)
    return ExitCode.SUCCESS


def _wait(context: Context, run: CheckRun, timeout_s: float) -> CheckRun:
    """Wait until the run has ended or the time is up, and return the run's latest state."""
    deadline = context.clock.monotonic() + timeout_s
    while str(run.state) not in _ENDED and context.clock.monotonic() < deadline:
        context.clock.sleep(min(POLL_INTERVAL_S, deadline - context.clock.monotonic()))
        run = context.gatepost.get_check_run(run.service, run.environment, str(run.id))
    return run


def _describe(run: CheckRun) -> str:
    where = f"{run.service} in {run.environment}"
    if run.note is not None:
        return run.note
    if run.outcome is None:
        return f"The checks of {where} are {run.state}."
    lines = ((result.name, str(result.state), result.detail or None) for result in run.results)
    return f"The checks of {where} {_OUTCOMES[str(run.outcome)]}\n{table(_RESULT_HEADINGS, lines)}"


_OUTCOMES: Final = {
    "passed": "passed.",
    "failed": "failed.",
    "errored": "could not be evaluated.",
}


def _row(run: CheckRun) -> tuple[str | None, ...]:
    return (
        str(run.id),
        str(run.state),
        None if run.outcome is None else str(run.outcome),
        run.requested_by,
        format_instant(run.requested_at),
        run.version,
    )


def _add_target_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE")
    parser.add_argument("environment", metavar="ENVIRONMENT")


def _add_run_arguments(parser: ArgumentParser) -> None:
    _add_target_arguments(parser)
    parser.add_argument("--wait", action="store_true", help="wait for the results")
    parser.add_argument(
        "--timeout", type=parse_seconds, metavar="S", help="longest time to wait, in seconds"
    )


GROUP: Final = CommandGroup(
    name="checks",
    summary="run the checks of a service in an environment without deploying",
    commands=(
        Command(
            name="run",
            summary="run the checks now and print the id of the run",
            add_arguments=_add_run_arguments,
            run=run_checks,
        ),
        Command(
            name="list",
            summary="list the check runs, newest first",
            add_arguments=_add_target_arguments,
            run=list_check_runs,
        ),
    ),
)
