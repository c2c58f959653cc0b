"""What waits for whoever looks."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Controller, Response, get

from gatepost_api.console.rendering.page import page
from gatepost_api.deployments.inbox import find_pending_reviews
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.inbox import PendingReview
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status

MAX_ITEMS: Final = 50
_APPROVED_OR_STARTED: Final = DeploymentFilter(
    statuses=(Status.APPROVED, Status.STARTED), oldest_first=True
)


class InboxPages(Controller):
    """What waits for whoever looks."""

    path = "/inbox"

    @get(include_in_schema=False)
    async def show_inbox(self, request: ApiRequest) -> Response[bytes]:
        """What they could review, and what of their own or for operators is not done yet."""
        reviews = await pending_reviews(request)
        open_deployments = (
            await request.context.reads.deployments(
                _APPROVED_OR_STARTED, PageRequest(limit=MAX_ITEMS)
            )
        ).items
        me = request.auth.actor.name
        return page(
            request,
            "inbox.html",
            title="Inbox",
            reviews=reviews,
            mine=await _own_requests(request, me),
            unfinished=[
                deployment for deployment in open_deployments if deployment.requester != me
            ],
        )


async def pending_reviews(request: ApiRequest) -> list[PendingReview]:
    """What the caller could approve, or judge, now; the oldest first."""
    pending, _ = await find_pending_reviews(request, PageRequest(limit=MAX_ITEMS))
    return pending


async def _own_requests(request: ApiRequest, name: str) -> tuple[Deployment, ...]:
    own_filter = partial(DeploymentFilter, requesters=(name,))
    statuses = (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED, Status.STARTED)
    page = await request.context.reads.deployments(
        own_filter(statuses=statuses), PageRequest(limit=MAX_ITEMS)
    )
    return page.items
