"""`gatepost changes`: how a deployment differs from what is live."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Final

from gatepost_cli.core.arguments import add_deployment_argument
from gatepost_cli.core.command import Command
from gatepost_cli.core.exit_code import ExitCode
from gatepost_cli.terminal.layout import format_instant, format_key_values

if TYPE_CHECKING:
    from gatepost_cli.core.context import Context
    from gatepost_client.models import DeploymentChanges, EarlierRun


def show_changes(context: Context, arguments: Namespace) -> ExitCode:
    """Write the old and the new version, and the commits and work between the two."""
    changes = context.gatepost.get_deployment_changes(arguments.deployment)
    context.answer(format_key_values(_describe(changes)))
    return ExitCode.SUCCESS


def _describe(changes: DeploymentChanges) -> dict[str, str | None]:
    replaced, commits = changes.from_, changes.commits
    versions = [version.version for version in changes.versions]
    return {
        "replaces": None
        if replaced is None
        else f"{replaced.version.version} ({replaced.number}, live since "
        f"{format_instant(replaced.deployed_at)})",
        "deploys": changes.to.version,
        "direction": changes.direction,
        "commits": None
        if commits is None
        else commits.url or " to ".join(filter(None, (commits.first, commits.last))),
        "versions": ", ".join(versions) + (", …" if changes.has_more_versions else "") or None,
        "work": ", ".join(changes.work_references) or None,
        "ran in": "\n".join(map(_describe_run, changes.earlier_runs)) or None,
    }


def _describe_run(run: EarlierRun) -> str:
    checks = ", ".join(f"{check.name} {check.state}" for check in run.checks)
    text = f"{run.environment}: {run.number} {run.status} {format_instant(run.deployed_at)}"
    return f"{text} ({checks})" if checks else text


COMMAND: Final = Command(
    name="changes",
    summary="show what a deployment changes compared with what is live",
    add_arguments=add_deployment_argument,
    run=show_changes,
)
