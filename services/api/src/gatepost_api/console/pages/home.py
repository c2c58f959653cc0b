"""The first page: what stands where, what happens, and what waits."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.pages.inbox import pending_reviews
from gatepost_api.console.rendering.page import page
from gatepost_api.console.views.matrix import matrix
from gatepost_api.http.request import ApiRequest
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.freezes.evaluation import is_active
from gatepost_domain.freezes.freeze import Freeze
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_WAITING_SHOWN: Final = 5

SearchText = Annotated[str, QueryParameter(max_length=200)]
TierName = Annotated[str, QueryParameter(max_length=20)]


class HomePages(Controller):
    """The first page."""

    @get("/", include_in_schema=False)
    async def show_home(
        self, request: ApiRequest, q: SearchText = "", tier: TierName = ""
    ) -> Response[bytes]:
        """What stands where, what was deployed last, what is frozen, what waits for the caller."""
        reads, now = request.context.reads, request.context.now()
        selected_tier = next((each for each in Tier if each == tier), None)
        waiting = await pending_reviews(request)
        return page(
            request,
            "home.html",
            title="Overview",
            matrix=await matrix(reads, now, q=q, tier=selected_tier),
            stats=await reads.stats(at=now),
            freezes=await active_freezes(request),
            waiting=waiting[:MAX_WAITING_SHOWN],
            waiting_count=len(waiting),
            tiers=tuple(Tier),
            q=q,
            tier=selected_tier,
        )


async def active_freezes(request: ApiRequest) -> list[Freeze]:
    """What is on now: first what keeps things from starting."""
    now = request.context.now()

    def standing(uow: UnitOfWork) -> list[Freeze]:
        active = [each for each in uow.freezes.list_unexpired(now) if is_active(each, now)]
        return sorted(active, key=lambda each: (each.effect != "deny", each.starts_at))

    return await request.context.reads.read_snapshot(standing)
