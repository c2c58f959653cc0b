"""Inbox page: pending reviews, the caller's open requests, and deployments for operators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Final

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from gatepost_api.console.forms.form import redirect_to
from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.list_action_buttons import load_next_actions
from gatepost_api.console.views.notices import ABOUT_FIELD, DONE_FIELD
from gatepost_api.console.views.pending_settings_changes import load_approvable_changes
from gatepost_api.console.views.permanently_closed_gates import find_permanently_closed_gates
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.deployments.filter_parameters import find_all_names_of_users
from gatepost_api.deployments.inbox import load_inbox_page
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.http.action_execution import execute
from gatepost_api.http.form_fields import read_form_fields
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.deployments.approval import approve_deployment
from gatepost_domain.actions.deployments.inbox import Inbox, ReviewableDeployment
from gatepost_domain.deployments.deployment import Deployment, format_number, parse_reference
from gatepost_domain.errors import Refusal
from gatepost_domain.gates.gate import Gate
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import Action, Status
from gatepost_domain.storage_errors import StorageError
from gatepost_domain.tracking.current_state import Cell, CurrentFilter, LaneKey

Number = Annotated[str, QueryParameter(max_length=40)]

MAX_ITEMS: Final = 50
SELECTED_FIELD: Final = "selected"
"""The name of the checkboxes; each value is a deployment's number, revision and open stage."""
_SELECTED: Final = re.compile(r"(DEP-\d{1,18}) (\d{1,18}) ([a-z0-9-]{1,63})")
_APPROVED_OR_STARTED: Final = DeploymentFilter(
    statuses=(Status.APPROVED, Status.STARTED), oldest_first=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalResult:
    """The result of approving one selected deployment."""

    number: str
    refusal: str | None = None
    """Why the approval was refused; None if it succeeded."""


class InboxPages(Controller):
    """The routes that show the inbox and the next review, and approve several deployments."""

    path = "/inbox"

    @get(include_in_schema=False)
    async def show_inbox(self, request: ApiRequest) -> Response[bytes]:
        """Show pending reviews, the caller's open requests, and deployments for operators."""
        return await _inbox_page(request)

    @get("/next", include_in_schema=False)
    async def show_next(self, request: ApiRequest, after: Number = "") -> Redirect:
        """Redirect to the next review after a deployment, or to the inbox if none is left.

        After the last review in the inbox, continue from the first one.
        """
        reviews = await load_actionable_reviews(request)
        following = _find_next_deployment([review.deployment for review in reviews], after)
        reference = parse_reference(after)
        about = f"&{ABOUT_FIELD}={format_number(reference)}" if isinstance(reference, int) else ""
        if following is None:
            return Redirect(f"/inbox?{DONE_FIELD}=approved_last{about}", status_code=303)
        is_pending = following.status is Status.PENDING_APPROVAL
        action = Action.APPROVE if is_pending else Action.AFTER_REVIEW
        query = f"action={action}&{DONE_FIELD}=approved_next{about}"
        return Redirect(f"/deployments/{format_number(following.number)}?{query}", status_code=303)

    @post("/approve", include_in_schema=False)
    async def approve_selected(self, request: ApiRequest) -> Response[bytes]:
        """Approve the selected deployments with one note, at the revision and stage shown.

        Each approval is a separate transaction; the page names the deployments for which it was
        refused.
        """
        fields = await read_form_fields(request)
        note = next((value.strip() for name, value in fields if name == "note"), "")
        selected = [value for name, value in fields if name == SELECTED_FIELD][:MAX_ITEMS]
        results = [await _approve(request, value, note or None) for value in selected]
        return await _inbox_page(request, results=results, was_submitted=True)


async def _approve(request: ApiRequest, checkbox_value: str, note: str | None) -> ApprovalResult:
    """Approve the deployment that the value of a checkbox identifies."""
    match = _SELECTED.fullmatch(checkbox_value)
    if match is None:
        return ApprovalResult(
            number=checkbox_value[:20], refusal="It does not identify a deployment."
        )
    number, revision, stage = match.groups()
    new_id = request.context.new_id
    action = partial(
        approve_deployment,
        reference=parse_deployment_reference(number),
        revision=int(revision),
        stage=stage,
        new_id=new_id,
    )
    try:
        await execute(
            request,
            action,
            redirect_to(lambda _: "/inbox"),
            note=note,
            idempotency_key=f"{number}-r{revision}-approve",
        )
    except (Refusal, StorageError) as error:
        return ApprovalResult(number=number, refusal=str(error))
    return ApprovalResult(number=number)


async def _inbox_page(
    request: ApiRequest, *, results: Sequence[ApprovalResult] = (), was_submitted: bool = False
) -> Response[bytes]:
    inbox = await load_inbox(request)
    closed_gates = await _load_permanently_closed_gates(request, inbox)
    reviews = _sort(request, inbox, closed_gates)
    waiting_count = len(reviews) - len(closed_gates)
    open_deployments = (
        await request.context.reads.deployments(_APPROVED_OR_STARTED, PageRequest(limit=MAX_ITEMS))
    ).items
    actor = request.auth.actor
    own_requests = await _load_own_unfinished_requests(request, actor.name)
    return render_page(
        request,
        "inbox.html",
        title=f"Inbox ({waiting_count})" if waiting_count else "Inbox",
        canonical_path="/inbox" if was_submitted else None,
        results=results,
        selected_field=SELECTED_FIELD,
        reviews=reviews,
        closed_gates=closed_gates,
        live=await _load_live_versions(request, reviews),
        refused_reviews=inbox.refused,
        own_requests=own_requests,
        status_details=await load_status_details(
            request.context.reads, (*own_requests, *open_deployments)
        ),
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
        settings_changes=await load_approvable_changes(request),
        unfinished=[
            deployment
            for deployment in open_deployments
            if not actor.has_name(deployment.requester)
        ],
    )


async def load_actionable_reviews(request: ApiRequest) -> list[ReviewableDeployment]:
    """Return the reviews in inbox order, without deployments that can no longer start."""
    inbox = await load_inbox(request)
    closed = await _load_permanently_closed_gates(request, inbox)
    return [
        review for review in _sort(request, inbox, closed) if review.deployment.number not in closed
    ]


async def _load_permanently_closed_gates(request: ApiRequest, inbox: Inbox) -> Mapping[int, Gate]:
    at = request.context.now()
    return await request.context.reads.read_long_snapshot(
        lambda uow: find_permanently_closed_gates(uow, inbox.reviewable, at)
    )


def _sort(
    request: ApiRequest, inbox: Inbox, closed: Mapping[int, Gate]
) -> list[ReviewableDeployment]:
    """Return overdue reviews first, and those that no longer have an effect last."""
    now = request.context.now()
    return sorted(
        inbox.reviewable,
        key=lambda review: (review.deployment.number in closed, not _is_overdue(review, now)),
    )


def _find_next_deployment(deployments: Sequence[Deployment], number: str) -> Deployment | None:
    """Return the first deployment with a higher number, else the first other one, else None."""
    reference = parse_reference(number)
    others = [deployment for deployment in deployments if deployment.number != reference]
    later = (
        deployment
        for deployment in others
        if isinstance(reference, int) and deployment.number > reference
    )
    return next(later, others[0] if others else None)


def _is_overdue(pending: ReviewableDeployment, now: datetime) -> bool:
    review = pending.deployment.after_review
    return review is not None and review.due_at <= now


async def _load_live_versions(
    request: ApiRequest, reviews: Iterable[ReviewableDeployment]
) -> dict[LaneKey, Cell]:
    """Return the live versions of the services and environments under review."""
    deployments = [pending.deployment for pending in reviews]
    if not deployments:
        return {}
    criteria = CurrentFilter(
        services=tuple({deployment.service for deployment in deployments}),
        environments=tuple({deployment.environment for deployment in deployments}),
    )
    current = await request.context.reads.current_state(criteria)
    return {cell.lane_key: cell for cell in current.cells}


async def load_inbox(request: ApiRequest) -> Inbox:
    """Return the deployments the caller can review, or could if independent, oldest first."""
    inbox, _ = await load_inbox_page(request, PageRequest(limit=MAX_ITEMS))
    return inbox


async def _load_own_unfinished_requests(request: ApiRequest, name: str) -> tuple[Deployment, ...]:
    names = await find_all_names_of_users(request.context.reads, (name,))
    own_filter = partial(DeploymentFilter, requesters=names)
    statuses = (Status.PENDING_APPROVAL, Status.APPROVED, Status.QUEUED, Status.STARTED)
    page = await request.context.reads.deployments(
        own_filter(statuses=statuses), PageRequest(limit=MAX_ITEMS)
    )
    return page.items
