"""The list of all commands."""

from __future__ import annotations

from typing import Final

from gatepost_cli.commands import (
    api_call,
    audit,
    checks,
    completion,
    contract_files,
    current_state,
    delivery_report,
    deployment_actions,
    deployment_changes,
    emergency,
    environments,
    events,
    evidence,
    freezes,
    gates,
    import_history,
    inbox,
    incidents,
    ingest,
    list_deployments,
    login,
    notification_channels,
    policies,
    preview,
    record_deployment,
    request_deployment,
    services,
    settings_changes,
    show_deployment,
    state_comparison,
    targets,
    tokens,
    users,
    versions,
    wait_and_watch,
    webhooks,
    whoami,
    workers,
)
from gatepost_cli.commands import unblock_and_release as restrictions
from gatepost_cli.core.command import Entry, Section

SECTIONS: Final = (
    Section(title="begin", entries=(*login.COMMANDS, whoami.COMMAND, completion.COMMAND)),
    Section(
        title="request a deployment and follow it",
        entries=(
            preview.COMMAND,
            request_deployment.COMMAND,
            *wait_and_watch.COMMANDS,
            show_deployment.COMMAND,
            list_deployments.COMMAND,
            gates.COMMAND,
            deployment_changes.COMMAND,
            events.COMMAND,
            evidence.COMMAND,
        ),
    ),
    Section(
        title="review a deployment and carry it out",
        entries=(inbox.COMMAND, *deployment_actions.COMMANDS),
    ),
    Section(
        title="emergencies",
        entries=(
            *emergency.COMMANDS,
            freezes.GROUP,
            *restrictions.COMMANDS,
            incidents.GROUP,
        ),
    ),
    Section(
        title="what is deployed where",
        entries=(
            current_state.COMMAND,
            state_comparison.COMMAND,
            record_deployment.COMMAND,
            import_history.COMMAND,
            delivery_report.COMMAND,
        ),
    ),
    Section(
        title="services, environments and people",
        entries=(
            services.GROUP,
            versions.GROUP,
            environments.GROUP,
            policies.GROUP,
            targets.GROUP,
            checks.GROUP,
            contract_files.COMMAND,
            users.GROUP,
            tokens.GROUP,
            settings_changes.GROUP,
        ),
    ),
    Section(
        title="other systems", entries=(notification_channels.GROUP, webhooks.GROUP, ingest.GROUP)
    ),
    Section(
        title="operation and audit",
        entries=(workers.COMMAND, audit.GROUP, api_call.COMMAND),
    ),
)
"""All commands, in the order in which the help lists them."""

COMMANDS: Final[tuple[Entry, ...]] = tuple(
    entry for section in SECTIONS for entry in section.entries
)
"""All commands, without the sections."""
