"""The list of all commands."""

from __future__ import annotations

from typing import Final

from gatepost_cli.commands import (
    actions,
    audit,
    changes,
    checks,
    contracts,
    current_state,
    delivery_report,
    emergency,
    evidence,
    freezes,
    gates,
    import_history,
    inbox,
    incidents,
    ingest,
    list_deployments,
    preview,
    record_deployment,
    register_version,
    request_deployment,
    settings_changes,
    show_deployment,
    state_comparison,
    webhooks,
    whoami,
    workers,
)
from gatepost_cli.commands import blocks_and_holds as restrictions
from gatepost_cli.commands import deployment_events as events
from gatepost_cli.core.command import Command, CommandGroup

COMMANDS: Final[tuple[Command | CommandGroup, ...]] = (
    whoami.COMMAND,
    register_version.COMMAND,
    preview.COMMAND,
    request_deployment.COMMAND,
    inbox.COMMAND,
    show_deployment.COMMAND,
    list_deployments.COMMAND,
    *actions.COMMANDS,
    *emergency.COMMANDS,
    changes.COMMAND,
    gates.COMMAND,
    events.COMMAND,
    evidence.COMMAND,
    current_state.COMMAND,
    state_comparison.COMMAND,
    record_deployment.COMMAND,
    import_history.COMMAND,
    *restrictions.COMMANDS,
    contracts.COMMAND,
    freezes.GROUP,
    incidents.GROUP,
    delivery_report.COMMAND,
    workers.COMMAND,
    checks.GROUP,
    ingest.GROUP,
    settings_changes.GROUP,
    webhooks.GROUP,
    audit.GROUP,
)
"""All commands, in the order in which the help lists them."""
