"""The inbox: deployments waiting for the caller's review."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final, Self

from litestar import Controller, Response, get
from msgspec.structs import asdict

from gatepost_api.deployments import responses
from gatepost_api.http.pagination import (
    DEFAULT_PAGE_SIZE,
    LINK_HEADER,
    CursorKind,
    Limit,
    cursor_parameter,
    encode_cursor,
    page_request,
    page_response,
)
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_api.schemas.base import ResponseModel
from gatepost_domain.actions.deployments.inbox import (
    Inbox,
    RefusedReview,
    ReviewableDeployment,
    build_inbox,
)
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_SCANNED: Final = 1000
"""The maximum number of pending deployments examined for one response."""
PENDING: Final = DeploymentFilter(awaiting_review=True, oldest_first=True)


async def load_inbox_page(
    request: ApiRequest, page_request: PageRequest
) -> tuple[Inbox, str | None]:
    """Find the deployments the caller can review, and those refused only for lack of independence.

    Both lists are oldest first and, together, have at most as many items as the page's limit. Also
    return the key of the next page.
    """
    reviewable: list[ReviewableDeployment] = []
    refused: list[RefusedReview] = []
    room, scanned, after, at = page_request.limit, 0, page_request.after, request.context.now()

    def sort(uow: UnitOfWork, *, pending: tuple[Deployment, ...]) -> Inbox:
        return build_inbox(uow, pending, request.command(uow, at=at, note="dry run"))

    while room > 0 and scanned < MAX_SCANNED:
        page = await request.context.reads.deployments(
            PENDING, PageRequest(limit=room, after=after)
        )
        found = await request.context.reads.read_long_snapshot(partial(sort, pending=page.items))
        reviewable += found.reviewable
        refused += found.refused
        room -= len(found.reviewable) + len(found.refused)
        scanned, after = scanned + len(page.items), page.next_key
        if after is None:
            break
    return Inbox(reviewable=tuple(reviewable), refused=tuple(refused)), after


class PendingReview(responses.Deployment):
    """A deployment waiting for the caller's review."""

    would_be_dependent: list[str]
    """The reasons, in words, why the caller's review would be marked as dependent. Empty if the
    caller is independent of everyone behind the deployment."""

    @classmethod
    def from_review(cls, review: ReviewableDeployment) -> Self:
        """Map a reviewable deployment to its response."""
        deployment = responses.Deployment.from_domain(review.deployment, review.policy)
        return cls(**asdict(deployment), would_be_dependent=list(review.would_be_dependent))


class ReviewRefused(responses.Deployment):
    """A deployment that the caller could review if the caller were independent."""

    refused_because: str
    """Why the caller is not independent of the people behind the deployment, in words."""

    @classmethod
    def from_review(cls, review: RefusedReview) -> Self:
        """Map a deployment that the caller cannot review to its response."""
        deployment = responses.Deployment.from_domain(review.deployment, review.policy)
        return cls(**asdict(deployment), refused_because=review.reason)


class InboxPage(ResponseModel):
    """A page of deployments waiting for the caller's review."""

    items: list[PendingReview]
    """The items of this page."""
    refused: list[ReviewRefused]
    """The deployments that the caller could review if their policies did not require independent
    reviewers."""
    next_cursor: str | None
    """The `cursor` of the next page. Null on the last page."""


class InboxController(Controller):
    """Operations on the caller's pending reviews."""

    path = "/reviews"
    tags = ("deployments",)

    @get(
        "/inbox",
        summary="List deployments waiting for your review",
        responses=problem_responses(401, 422, 503),
        response_headers=[LINK_HEADER],
    )
    async def list_inbox(
        self,
        request: ApiRequest,
        limit: Limit = DEFAULT_PAGE_SIZE,
        cursor: Annotated[str | None, cursor_parameter(CursorKind.DEPLOYMENTS)] = None,
    ) -> Response[InboxPage]:
        """List the deployments you can approve now, oldest first.

        Includes deployments approved through break-glass whose after-review you can close. If there
        are many waiting deployments that you cannot approve, a page can contain fewer items than
        `limit` and still have a next page. `refused` lists the deployments that you could review if
        their policies did not require independent reviewers; they count toward `limit`.
        """
        inbox, after = await load_inbox_page(
            request, page_request(limit, cursor, CursorKind.DEPLOYMENTS)
        )
        next_cursor = encode_cursor(after, CursorKind.DEPLOYMENTS)
        page = InboxPage(
            items=[PendingReview.from_review(review) for review in inbox.reviewable],
            refused=[ReviewRefused.from_review(review) for review in inbox.refused],
            next_cursor=next_cursor,
        )
        return page_response(request, page, next_cursor)
