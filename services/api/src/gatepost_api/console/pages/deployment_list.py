"""Deployment list page, with its filters and pagination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views import labels
from gatepost_api.console.views.catalog_choices import (
    load_active_environments,
    load_active_services,
)
from gatepost_api.console.views.formatting import end_of_day, parse_instant, start_of_day
from gatepost_api.console.views.list_action_buttons import load_next_actions
from gatepost_api.console.views.matrix import IN_PROGRESS
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.deployments.filter_parameters import find_all_names_of_users
from gatepost_api.http.pagination import CursorKind, cursor_parameter, encode_cursor, page_request
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.deployments.next_actions import NextActions
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind
from gatepost_domain.deployments.review import APPROVED_BY, FIXED_REVIEW_LABELS
from gatepost_domain.deployments.search_terms import MAX_WORDS, split_words
from gatepost_domain.ports.reads import DeploymentFilter, ReadModel
from gatepost_domain.status_transitions import Status

PAGE_SIZE: Final = 50
IN_PROGRESS_CHOICE: Final = "in_progress"
"""The filter choice for all statuses that the overview counts as in progress."""
OPEN_CHOICE: Final = "open"
"""The filter choice for all statuses of deployments that have not ended."""

FilterValue = Annotated[str, QueryParameter(max_length=200)]


class DeploymentListPages(Controller):
    """The route of the page that lists deployments."""

    path = "/deployments"

    @get(include_in_schema=False)
    async def show_deployments(
        self,
        request: ApiRequest,
        service: FilterValue = "",
        environment: FilterValue = "",
        tier: FilterValue = "",
        status: FilterValue = "",
        review: FilterValue = "",
        kind: FilterValue = "",
        requester: FilterValue = "",
        version: FilterValue = "",
        work_reference: FilterValue = "",
        commit: FilterValue = "",
        reviewer: FilterValue = "",
        external_id: FilterValue = "",
        q: FilterValue = "",
        since: FilterValue = "",
        until: FilterValue = "",
        deployed_since: FilterValue = "",
        deployed_until: FilterValue = "",
        cursor: Annotated[str | None, cursor_parameter(CursorKind.DEPLOYMENTS)] = None,
    ) -> Response[bytes]:
        """List deployments, newest first; an empty filter matches everything."""
        reads = request.context.reads
        requested = (
            start_of_day(since) or parse_instant(since),
            end_of_day(until) or parse_instant(until),
        )
        deployed = parse_instant(deployed_since), parse_instant(deployed_until)
        deployment_filter = DeploymentFilter(
            services=_as_tuple(service),
            environments=_as_tuple(environment),
            tiers=tuple(member for member in Tier if member == tier),
            statuses=_statuses(status),
            review_labels=_as_tuple(review.lower()),
            kinds=tuple(member for member in DeploymentKind if member == kind),
            requesters=await find_all_names_of_users(reads, _as_tuple(requester)),
            versions=_as_tuple(version),
            work_references=_as_tuple(work_reference.strip()),
            commits=_as_tuple(commit.strip().lower()),
            reviewers=await find_all_names_of_users(reads, _as_tuple(reviewer.strip())),
            external_ids=_as_tuple(external_id.strip()),
            words=split_words(q)[:MAX_WORDS],
            since=requested[0],
            until=requested[1],
            deployed_since=deployed[0],
            deployed_until=deployed[1],
            only_visible=any(deployed),
        )
        result = await reads.deployments(
            deployment_filter, page_request(PAGE_SIZE, cursor, CursorKind.DEPLOYMENTS)
        )
        chosen = {
            "service": service,
            "environment": environment,
            "tier": tier,
            "status": status,
            "review": review.lower(),
            "kind": kind,
            "requester": requester,
            "version": version,
            "work_reference": work_reference,
            "commit": commit,
            "reviewer": reviewer,
            "external_id": external_id,
            "q": q,
            "since": since,
            "until": until,
            "deployed_since": deployed_since,
            "deployed_until": deployed_until,
        }
        older = encode_cursor(result.next_key, CursorKind.DEPLOYMENTS)
        query = {name: value for name, value in chosen.items() if value}
        return render_page(
            request,
            "deployments.html",
            title="Deployments",
            deployments=result.items,
            status_details=await load_status_details(reads, result.items),
            next_actions=await _load_actions_for_roles(request, result.items),
            back=f"/deployments?{urlencode({**query, **({'cursor': cursor} if cursor else {})})}",
            chosen=chosen,
            is_filtered=bool(query),
            is_first=cursor is None,
            newest=f"/deployments?{urlencode(query)}",
            older=None
            if older is None
            else f"/deployments?{urlencode({**query, 'cursor': older})}",
            requested=requested,
            deployed=deployed,
            status_choices=[
                (OPEN_CHOICE, "Waiting or in progress"),
                (IN_PROGRESS_CHOICE, "In progress or queued"),
                *((status, label.text) for status, label in labels.STATUS.items()),
            ],
            review_choices=[
                (label, labels.review_text(label))
                for label in await _list_possible_review_labels(reads)
            ],
            services=await load_active_services(reads),
            environments=await load_active_environments(reads),
        )


def _statuses(chosen: str) -> tuple[Status, ...]:
    if chosen == IN_PROGRESS_CHOICE:
        return IN_PROGRESS
    if chosen == OPEN_CHOICE:
        return (*IN_PROGRESS, Status.APPROVED, Status.PENDING_APPROVAL)
    return tuple(member for member in Status if member == chosen)


async def _load_actions_for_roles(
    request: ApiRequest, deployments: Sequence[Deployment]
) -> Mapping[int, NextActions] | None:
    """Return the next actions by deployment number, or None if the caller's roles allow none."""
    actor = request.auth.actor
    if not any(actor.may_somewhere(right) for right in (Right.REVIEW, Right.OPERATE)):
        return None
    return await load_next_actions(request, deployments)


async def _list_possible_review_labels(reads: ReadModel) -> list[str]:
    """Return the fixed review labels and one per approval stage of the active environments."""
    policies = [
        (await reads.policy(environment.name, environment.policy_version)).policy
        for environment in await load_active_environments(reads)
    ]
    stages = dict.fromkeys(stage.name for policy in policies for stage in policy.approval_stages)
    first, *others = FIXED_REVIEW_LABELS
    return [first, *(f"{APPROVED_BY}{stage}" for stage in stages), *others]


def _as_tuple(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
