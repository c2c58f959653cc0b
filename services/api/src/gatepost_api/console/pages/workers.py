"""Workers page: the workers with their leases, the queued deployments and the unsent messages."""

from __future__ import annotations

from typing import Final

from litestar import Controller, Response, get

from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.online_workers import is_any_worker_online
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.http.request import ApiRequest
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Status

MAX_QUEUED: Final = 50
"""The maximum number of queued deployments shown."""


class WorkerPages(Controller):
    """The route of the workers page."""

    path = "/workers"

    @get(include_in_schema=False)
    async def show_workers(self, request: ApiRequest) -> Response[bytes]:
        """Show the workers with their leases, and the queued deployments, oldest first.

        Everybody sees how many messages are pending or have failed, but not their recipients.
        """
        reads, now = request.context.reads, request.context.now()
        overviews = await reads.workers()
        ends = [
            end
            for overview in overviews
            if (end := overview.next_lease_end_or_loss(now)) is not None
        ]
        queued = DeploymentFilter(statuses=(Status.QUEUED,), oldest_first=True)
        queue = await reads.deployments(queued, PageRequest(limit=MAX_QUEUED))
        return render_page(
            request,
            "workers.html",
            title="Workers",
            overviews=overviews,
            is_any_online=is_any_worker_online(overviews, now),
            refresh_in_s=(min(ends) - now).total_seconds() if ends else None,
            backlogs=await reads.message_backlogs(),
            queue=queue,
            status_details=await load_status_details(reads, queue.items),
        )
