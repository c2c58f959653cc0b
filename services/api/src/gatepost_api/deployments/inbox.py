"""What waits for the caller's review."""

from __future__ import annotations

from functools import partial
from typing import Final

from litestar import Controller, Response, get

from gatepost_api.deployments import responses
from gatepost_api.deployments.responses import DeploymentPage
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    Cursor,
    CursorKind,
    Limit,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.inbox import PendingReview, reviewable_by
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_SCANNED: Final = 1000
"""How many that wait for anybody are looked through for one answer."""
_PENDING: Final = DeploymentFilter(awaiting_review=True, oldest_first=True)


async def find_pending_reviews(
    request: ApiRequest, part: PageRequest
) -> tuple[list[PendingReview], str | None]:
    """What the caller could approve or judge now, oldest first, and where the next part begins."""
    found: list[PendingReview] = []
    looked, after, at = 0, part.after, request.context.now()

    def reviewable(uow: UnitOfWork, *, pending: tuple[Deployment, ...]) -> list[PendingReview]:
        return reviewable_by(uow, pending, request.command(uow, at=at, note="only tried out"))

    while len(found) < part.limit and looked < MAX_SCANNED:
        page = await request.context.reads.deployments(
            _PENDING, PageRequest(limit=part.limit - len(found), after=after)
        )
        found += await request.context.reads.read_snapshot(partial(reviewable, pending=page.items))
        looked, after = looked + len(page.items), page.next_key
        if after is None:
            break
    return found, after


class InboxController(Controller):
    """Reviews."""

    path = "/reviews"
    tags = ("deployments",)

    @get(
        "/inbox",
        summary="List what waits for your review",
        responses=problem_responses(401, 422),
        response_headers=[LINK_HEADER],
    )
    async def list_inbox(
        self, request: ApiRequest, limit: Limit = DEFAULT_PAGE_SIZE, cursor: Cursor = None
    ) -> Response[DeploymentPage]:
        """The deployments that you could approve now, oldest first.

        Those that were approved by break-glass, and whose after-review you could give, are among
        them.

        Where many wait that are not yours to approve, an answer may hold fewer than asked for and
        still have a next part.
        """
        found, after = await find_pending_reviews(
            request, page_request(limit, cursor, CursorKind.DEPLOYMENTS)
        )
        following = encode_cursor(after, CursorKind.DEPLOYMENTS)
        items = [responses.Deployment.from_domain(each.deployment, each.policy) for each in found]
        return page_response(request, DeploymentPage(items=items, next_cursor=following), following)
