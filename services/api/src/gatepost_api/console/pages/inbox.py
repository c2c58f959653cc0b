"""Inbox page: pending reviews and unfinished deployments of the caller."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Controller, Response, get

from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.next_actions import load_next_actions
from gatepost_api.console.views.settings_changes import approvable_changes
from gatepost_api.deployments.inbox import find_pending_reviews
from gatepost_api.deployments.queries import names_of_requesters
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.inbox import Inbox
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status import Status

MAX_ITEMS: Final = 50
_APPROVED_OR_STARTED: Final = DeploymentFilter(
    statuses=(Status.APPROVED, Status.STARTED), oldest_first=True
)


class InboxPages(Controller):
    """The inbox."""

    path = "/inbox"

    @get(include_in_schema=False)
    async def show_inbox(self, request: ApiRequest) -> Response[bytes]:
        """Show pending reviews, the caller's open requests, and deployments for operators."""
        inbox = await load_inbox(request)
        open_deployments = (
            await request.context.reads.deployments(
                _APPROVED_OR_STARTED, PageRequest(limit=MAX_ITEMS)
            )
        ).items
        actor = request.auth.actor
        own_requests = await _own_unfinished_requests(request, actor.name)
        return render_page(
            request,
            "inbox.html",
            title="Inbox",
            reviews=inbox.reviewable,
            refused_reviews=inbox.refused,
            own_requests=own_requests,
            next_actions=await load_next_actions(
                request,
                {
                    deployment.number: deployment
                    for deployment in (
                        *(review.deployment for review in inbox.reviewable),
                        *own_requests,
                        *open_deployments,
                    )
                }.values(),
            ),
            settings_changes=await approvable_changes(request),
            unfinished=[
                deployment
                for deployment in open_deployments
                if not actor.is_called(deployment.requester)
            ],
        )


async def load_inbox(request: ApiRequest) -> Inbox:
    """Return the deployments that the caller can review, or could if independent, oldest first."""
    inbox, _ = await find_pending_reviews(request, PageRequest(limit=MAX_ITEMS))
    return inbox


async def _own_unfinished_requests(request: ApiRequest, name: str) -> tuple[Deployment, ...]:
    names = await names_of_requesters(request.context.reads, (name,))
    own_filter = partial(DeploymentFilter, requesters=names)
    statuses = (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED, Status.STARTED)
    page = await request.context.reads.deployments(
        own_filter(statuses=statuses), PageRequest(limit=MAX_ITEMS)
    )
    return page.items
