"""The action buttons in lists of deployments, and the list to return to afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from gatepost_api.console.views.notices import ABOUT_FIELD, DONE_FIELD
from gatepost_api.console.views.required_roles import has_role_for
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.next_actions import NextActions, find_next_actions
from gatepost_domain.deployments.deployment import Deployment, format_number
from gatepost_domain.lifecycle.explanation import ActionAvailability
from gatepost_domain.status_transitions import ACTIONS_REQUIRING_NOTE, NEXT_ACTIONS, Action, Status

BACK_FIELD: Final = "back"
"""The form field with the address of the list to return to."""
NEXT_REVIEW: Final = "/inbox/next"
"""The path that redirects to the next review after a deployment."""
LISTS: Final = frozenset({"/deployments", "/inbox", NEXT_REVIEW})
"""The paths to which a browser may return after an action: the lists, and the next review."""
ONE_CLICK: Final = frozenset(
    action
    for actions in NEXT_ACTIONS.values()
    for action in actions
    if action not in ACTIONS_REQUIRING_NOTE
)
"""The actions that need no input. Buttons for other actions open the form on a deployment page."""


async def load_next_actions(
    request: ApiRequest, deployments: Iterable[Deployment]
) -> Mapping[int, NextActions]:
    """Return the next actions for each deployment by number, as of one snapshot.

    Actions that none of the caller's roles allow are left out.
    """
    actor, known = request.auth.actor, tuple(deployments)
    command = Command(actor=actor, at=request.context.now())
    by_number = await request.context.reads.read_snapshot(
        lambda uow: find_next_actions(uow, known, command)
    )
    return {
        deployment.number: replace(
            next_actions,
            actions=tuple(
                explain_worker_start(availability, deployment)
                for availability in next_actions.actions
                if has_role_for(actor, availability.action, deployment)
            ),
        )
        for deployment in known
        if (next_actions := by_number.get(deployment.number)) is not None
    }


def explain_worker_start(
    availability: ActionAvailability, deployment: Deployment
) -> ActionAvailability:
    """Explain that a worker will start a queued deployment, instead of why operators cannot."""
    if availability.action is Action.START and deployment.status is Status.QUEUED:
        return replace(availability, reason="A worker will start it once all gates are open.")
    return availability


def return_address_with_notice(address: str, action: str, number: int) -> str | None:
    """Return the address of a list with a notice of the action, or None for other addresses."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path not in LISTS:
        return None
    notice = ((DONE_FIELD, action), (ABOUT_FIELD, format_number(number)))
    return f"{parts.path}?{urlencode([*parse_qsl(parts.query), *notice])}"
