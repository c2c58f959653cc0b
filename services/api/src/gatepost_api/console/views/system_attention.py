"""What needs attention apart from deployments: open incidents, lost workers, failing webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from gatepost_api.console.views.labels import Icon, Label, Tone
from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Right
from gatepost_domain.deployments.worker import WorkerState
from gatepost_domain.incidents.incident import IncidentFilter
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel

MAX_INCIDENTS: Final = 5
"""The maximum number of open incidents listed."""
MAX_WEBHOOKS: Final = 100
"""The number of webhooks to search for failing ones."""

_INCIDENT: Final = Label(text="Incident", tone=Tone.BAD, icon=Icon.ALERT)
_LOST: Final = Label(text="Worker lost", tone=Tone.BAD, icon=Icon.ALERT)
_FAILING: Final = Label(text="Webhook failing", tone=Tone.BAD, icon=Icon.ALERT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemConcern:
    """Something that needs attention, with the page about it."""

    label: Label
    name: str
    place: str
    """The place concerned, such as "shop in production"; empty if the name suffices."""
    url: str
    since: datetime


async def load_system_concerns(
    reads: ReadModel, now: datetime, actor: Actor
) -> list[SystemConcern]:
    """Return the open incidents, then the lost workers, then the failing webhooks.

    Lost workers are listed if they have unfinished deployments, or if no worker is left. Webhooks
    are listed for those who can manage them.
    """
    incidents = await reads.incidents(
        IncidentFilter(is_open=True), PageRequest(limit=MAX_INCIDENTS)
    )
    workers = await reads.workers()
    lost = [overview for overview in workers if overview.state(now) is WorkerState.LOST]
    is_any_left = len(lost) < len(workers)
    webhooks = (
        (await reads.webhooks(PageRequest(limit=MAX_WEBHOOKS))).items
        if actor.may(Right.MANAGE_WEBHOOKS)
        else ()
    )
    return [
        *(
            SystemConcern(
                label=_INCIDENT,
                name=incident.title,
                place=f"{incident.service} in {incident.environment}",
                url="/incidents?state=open",
                since=incident.started_at,
            )
            for incident in incidents.items
        ),
        *(
            SystemConcern(
                label=_LOST,
                name=overview.worker.name,
                place="" if is_any_left else "no other worker is online",
                url="/workers",
                since=overview.worker.last_seen_at,
            )
            for overview in lost
            if overview.claims or not is_any_left
        ),
        *(
            SystemConcern(
                label=_FAILING,
                name=urlsplit(webhook.url).hostname or webhook.url,
                place="",
                url=f"/webhooks/{webhook.id}",
                since=webhook.failing_since,
            )
            for webhook in webhooks
            if webhook.is_enabled and webhook.failing_since is not None
        ),
    ]
