"""What waits for whoever looks."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Controller, Response, get

from gatepost_api.console.rendering.page import page
from gatepost_api.deployments.inbox import find_pending_reviews
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.inbox import Pending
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import Window
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status

MOST: Final = 50
_READY: Final = DeploymentFilter(statuses=(Status.APPROVED, Status.STARTED), oldest_first=True)


class InboxPages(Controller):
    """What waits for whoever looks."""

    path = "/inbox"

    @get(include_in_schema=False)
    async def show_inbox(self, request: ApiRequest) -> Response[bytes]:
        """What they could review, and what of their own or for operators is not done yet."""
        reviews = await waiting_for_me(request)
        open_ones = (await request.context.reads.deployments(_READY, Window(limit=MOST))).items
        me = request.auth.actor.name
        return page(
            request,
            "inbox.html",
            title="Inbox",
            reviews=reviews,
            mine=await _own(request, me),
            unfinished=[each for each in open_ones if each.requester != me],
        )


async def waiting_for_me(request: ApiRequest) -> list[Pending]:
    """What the caller could approve, or judge, now; the oldest first."""
    found, _ = await find_pending_reviews(request, Window(limit=MOST))
    return found


async def _own(request: ApiRequest, name: str) -> tuple[Deployment, ...]:
    wanted = partial(DeploymentFilter, requesters=(name,))
    statuses = (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED, Status.STARTED)
    page = await request.context.reads.deployments(wanted(statuses=statuses), Window(limit=MOST))
    return page.items
