"""`gatepost report`: the metrics in the delivery report."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any, Final

from gatepost_cli.core.arguments import parse_timestamp
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import table

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context

_HEADINGS: Final = ("figure", "value", "of")
_FIGURES: Final = (
    "deployments",
    "rollbacks",
    "frequency",
    "change_failure_rate",
    "lead_time",
    "lead_time_from_commit",
    "lead_time_from_promotion",
    "recovery_time",
    "approval_latency",
    "waiting_time",
    "override_rate",
    "break_glass_rate",
    "unreviewed_changes",
    "dependent_approvals",
    "rejected",
    "superseded",
    "expired",
)
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments that restrict the period and the deployments."""
    for name, text in (
        ("since", "start of the period (default: 90 days before its end)"),
        ("until", "end of the period (default: now)"),
    ):
        parser.add_argument(f"--{name}", type=parse_timestamp, metavar="TIME", help=text)
    for name, option in (("service", "--service"), ("environment", "--in"), ("team", "--team")):
        parser.add_argument(
            option,
            dest=name,
            action="append",
            metavar=name.upper(),
            help=f"only deployments of this {name}; repeatable",
        )


def report(context: Context, arguments: Namespace) -> ExitCode:
    """Write a line for each metric."""
    answer = context.gatepost.get_delivery_report(
        since=arguments.since,
        until=arguments.until,
        service=arguments.service,
        environment=arguments.environment,
        team=arguments.team,
    )
    document = answer.to_dict()
    rows = [
        (name.replace("_", " "), *_value_and_basis(document["figures"][name])) for name in _FIGURES
    ]
    context.answer(table(_HEADINGS, rows), json=document)
    return ExitCode.SUCCESS


def _value_and_basis(figure: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the value of a metric, and the numbers from which it was computed."""
    if "per_day" in figure:
        per_day = figure["per_day"]
        return None if per_day is None else f"{per_day:.2f} per day", f"{figure['count']}"
    if "rate" in figure:
        rate = figure["rate"]
        of = f"{figure['numerator']} of {figure['denominator']}"
        return None if rate is None else f"{rate:.1%}", of
    if "median_s" in figure:
        median = figure["median_s"]
        return None if median is None else _duration(median), f"{figure['measured']}"
    return f"{figure['count']}", None


def _duration(seconds: float) -> str:
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


COMMAND: Final = Command(
    name="report",
    summary="show the metrics in the delivery report, such as the change failure rate",
    add_arguments=add_arguments,
    run=report,
)
