"""The number of pending reviews, shown beside *Inbox* in the menu of every page."""

from __future__ import annotations

from functools import partial
from typing import Final

from gatepost_api.console.views.permanently_closed_gates import find_permanently_closed_gates
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.caller import Caller
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import ROLES_WITH, Right
from gatepost_domain.actions.deployments.inbox import build_inbox
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter, StateVersion
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_SHOWN: Final = 9
"""The largest number shown; larger numbers are shown as `9+`."""
BATCH: Final = 20
MAX_EXAMINED: Final = 100
"""The maximum number of pending deployments examined for one count."""
_PENDING: Final = DeploymentFilter(awaiting_review=True, oldest_first=True)


async def load_capped_review_count(
    context: AppContext, caller: Caller, *, version: StateVersion | None
) -> int:
    """Return how many reviews are waiting for the caller; 0 if the caller is not a reviewer.

    Counting takes many queries, so it stops soon after `MAX_SHOWN`, and the count is cached for
    each user until the stored state changes. `version` is the version of that state; if it is None,
    one query determines it.
    """
    roles = ROLES_WITH[Right.REVIEW]
    if not any(grant.role in roles for grant in caller.actor.grants):
        return 0
    name = caller.actor.name
    if version is None:
        version = await context.reads.load_state_version()
    known = context.pending_counts.find(name, version=version)
    if known is not None:
        return known
    count = await _count_up_to_limit(context, caller)
    context.pending_counts.set(name, count, version=version)
    return count


def format_count(count: int) -> str:
    """Return the text for a count in the menu; empty for 0."""
    return "" if count == 0 else f"{MAX_SHOWN}+" if count > MAX_SHOWN else str(count)


async def _count_up_to_limit(context: AppContext, caller: Caller) -> int:
    command = Command(actor=caller.actor, at=context.now(), note="dry run")
    count, examined, after = 0, 0, None
    while count <= MAX_SHOWN and examined < MAX_EXAMINED:
        page = await context.reads.deployments(_PENDING, PageRequest(limit=BATCH, after=after))
        count += await context.reads.read_long_snapshot(
            partial(_count_actionable_reviews, pending=page.items, command=command)
        )
        examined, after = examined + len(page.items), page.next_key
        if after is None:
            break
    return count


def _count_actionable_reviews(
    uow: UnitOfWork, *, pending: tuple[Deployment, ...], command: Command
) -> int:
    """Count the reviews that the actor can give and that can still have an effect."""
    reviews = build_inbox(uow, pending, command).reviewable[: MAX_SHOWN + 1]
    return len(reviews) - len(find_permanently_closed_gates(uow, reviews, command.at))
