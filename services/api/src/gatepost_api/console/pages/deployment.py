"""Page of one deployment and its actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter

from gatepost_api.console.forms.form import (
    EMPTY_FORM,
    FORM_ERRORS,
    Form,
    read_form,
    redirect_to,
    to_page_error,
)
from gatepost_api.console.forms.rollback_with_start import (
    AT_ONCE_FIELD,
    find_next_action,
    find_replacement,
    perform_on_replacement,
    with_redeployment,
)
from gatepost_api.console.rendering.page import PageError, render_page
from gatepost_api.console.views.catalog_choices import load_active_environments
from gatepost_api.console.views.deployment_summary import summarize_deployment
from gatepost_api.console.views.list_action_buttons import (
    BACK_FIELD,
    explain_worker_start,
    return_address_with_notice,
)
from gatepost_api.console.views.online_workers import is_any_worker_online
from gatepost_api.console.views.required_roles import actions_by_role, has_role_for
from gatepost_api.console.views.status_details import load_status_details
from gatepost_api.console.views.step_attempts import StepAttempt, to_step_attempts
from gatepost_api.console.views.suggested_rollback_reason import suggest_rollback_reason
from gatepost_api.console.views.timeline import build_timeline
from gatepost_api.console.views.who_can_act import PeopleByRole, load_people_by_role
from gatepost_api.deployments.action_bindings import BINDINGS
from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.http.action_execution import execute
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_api.tracking.deployment_changes import load_changes
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.deployments.deployment_loading import refresh_people
from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.actions.deployments.rollback import find_last_known_good
from gatepost_domain.catalog.environment import PolicyVersion
from gatepost_domain.catalog.policy import ExecutionMode
from gatepost_domain.catalog.repository_links import commits_url
from gatepost_domain.deployments.deployment import (
    Deployment,
    DeploymentKind,
    DeploymentReference,
    format_number,
)
from gatepost_domain.deployments.review import ReviewProgress, review_progress
from gatepost_domain.event import LedgerEntry
from gatepost_domain.gates.evaluation import OVERRIDABLE
from gatepost_domain.incidents.incident import IncidentFilter
from gatepost_domain.lifecycle.explanation import ActionAvailability, Explanation
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import NEXT_ACTIONS, Action, Status
from gatepost_domain.tracking.current_state import CurrentFilter

MAX_EVENTS: Final = 200
_ROLLED_BACK_BY: Final = "Rolled back by"

ActionName = Annotated[str, QueryParameter(max_length=20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentView:
    """A deployment and the related data that its page shows, read in one snapshot."""

    deployment: Deployment
    policy: PolicyVersion
    review: ReviewProgress
    explanation: Explanation
    related: tuple[tuple[str, Deployment], ...]
    """Pairs of a relation, such as "Promoted from", and the related deployment."""
    step_attempts: list[StepAttempt]
    last_good: Deployment | None
    """The deployment whose version a rollback of this deployment can restore."""
    people: PeopleByRole
    """The people with the roles that the gates name."""


class DeploymentPages(Controller):
    """The routes that show one deployment and perform actions on it."""

    path = "/deployments/{deployment:str}"

    @get(include_in_schema=False)
    async def show_deployment(
        self, request: ApiRequest, deployment: DeploymentInPath, action: ActionName = ""
    ) -> Response[bytes]:
        """Show the timeline, actions, gates, approvals, rollout and events.

        `action` names the action whose form is initially open.
        """
        return await _deployment_page(
            request, parse_deployment_reference(deployment), opened_action=action
        )

    @post("/{action:str}", include_in_schema=False)
    async def act_on_deployment(
        self, request: ApiRequest, deployment: DeploymentInPath, action: FromPath[str]
    ) -> Response[Any]:
        """Perform an action on the deployment."""
        binding = BINDINGS.get(action)
        if binding is None:
            raise NotFoundException(f"Action {action} not found")
        reference, form = parse_deployment_reference(deployment), await read_form(request)
        if form.get(AT_ONCE_FIELD):
            form = with_redeployment(form)
        try:
            body = form.decode_all_fields(binding.body)
            response = await execute(
                request,
                partial(
                    binding.bind(body, request.context.new_id), reference=reference, revision=None
                ),
                redirect_to(
                    lambda changed: (
                        return_address_with_notice(form.get(BACK_FIELD), action, changed.number)
                        or _path_after_action(changed, action)
                    )
                ),
                note=body.note,
                idempotency_key=form.key,
            )
        except FORM_ERRORS as error:
            return await _deployment_page(
                request, reference, error=to_page_error(error), form=form, submitted_action=action
            )
        if action == Action.ROLLBACK and form.get(AT_ONCE_FIELD):
            return await _start_replacement(request, reference, form) or response
        return response


async def _start_replacement(
    request: ApiRequest, rolled_back: DeploymentReference, form: Form
) -> Response[Any] | None:
    """Start the deployment that restores the earlier version, and return the response.

    Return None if there is no such deployment, or if it needs no action. If the start is refused,
    return the page of that deployment with the message and the form; the rollback itself has
    already been recorded.
    """
    replacement = await find_replacement(request, rolled_back)
    needed = None if replacement is None else find_next_action(replacement, form)
    if replacement is None or needed is None:
        return None
    action, action_form = needed
    try:
        return await perform_on_replacement(request, replacement, action, action_form)
    except FORM_ERRORS as error:
        return await _deployment_page(
            request,
            replacement.id,
            error=to_page_error(error),
            form=action_form,
            submitted_action=action,
        )


async def _deployment_page(
    request: ApiRequest,
    reference: DeploymentReference,
    *,
    error: PageError | None = None,
    form: Form = EMPTY_FORM,
    submitted_action: str | None = None,
    opened_action: str = "",
) -> Response[bytes]:
    command = Command(actor=request.auth.actor, at=request.context.now())
    view = await request.context.reads.read_snapshot(
        partial(_load_view, reference=reference, command=command)
    )
    number = format_number(view.deployment.number)
    events = await _load_events(request, view.deployment)
    change = await load_changes(request.context.reads, reference)
    runs = (run.deployment for run in change.earlier_runs)
    status_details = await load_status_details(request.context.reads, (view.deployment, *runs))
    rolled_back_by = view.deployment.rolled_back_by
    service = await request.context.reads.service(view.deployment.service)
    caused = IncidentFilter(caused_by=view.deployment.number)
    next_actions = NEXT_ACTIONS.get(view.deployment.status, ())
    can_break_glass = command.actor.may(
        Right.BREAK_GLASS,
        service=view.deployment.service,
        environment=view.deployment.environment,
    )
    offers = [
        offer
        for offer in view.explanation.actions
        if offer.allowed or has_role_for(command.actor, offer.action, view.deployment)
    ]
    return render_page(
        request,
        "deployment.html",
        error=error,
        canonical_path=f"/deployments/{number}" if submitted_action else None,
        title=f"{number} {view.deployment.service}",
        view=view,
        deployment=view.deployment,
        timeline=build_timeline(
            view.deployment,
            view.policy.policy,
            view.review,
            events,
            None if rolled_back_by is None else status_details.rollbacks.get(rolled_back_by),
        ),
        status_details=status_details,
        people=view.people,
        next_step=summarize_deployment(
            view.deployment,
            view.explanation,
            view.review,
            events,
            status_details,
            view.people,
            has_worker=await _has_worker(request, view.deployment),
        ),
        change=change,
        live_number=await _find_live_number(request, view.deployment),
        incidents=(await request.context.reads.incidents(caused, PageRequest(limit=5))).items,
        commits_url=commits_url(
            service.repo_url,
            change.replaced_commit,
            change.version.commit_sha,
        ),
        events=events,
        last_hash=_find_last_event_hash(events),
        environments=await load_active_environments(request.context.reads),
        overridable_gates=[
            gate
            for gate in view.explanation.gates
            if gate.kind in OVERRIDABLE and not gate.allows_start
        ],
        can_hide=command.actor.may(Right.HIDE) and view.deployment.kind is DeploymentKind.RECORD,
        can_break_glass=can_break_glass,
        rollback_reason=suggest_rollback_reason(view.deployment, view.last_good, events)
        if can_break_glass and view.last_good
        else "",
        can_start_at_once=view.policy.policy.execution is ExecutionMode.OPERATOR
        and command.actor.may(
            Right.OPERATE,
            service=view.deployment.service,
            environment=view.deployment.environment,
        ),
        form=form,
        submitted_action=submitted_action,
        opened_action=opened_action,
        unavailable_actions=_group_unavailable_by_reason(
            explain_worker_start(offer, view.deployment)
            for offer in offers
            if offer.action in next_actions
        ),
        other_actions=_group_unavailable_by_reason(
            offer for offer in offers if offer.action not in next_actions
        ),
        actions_by_role=actions_by_role(
            offer.action for offer in view.explanation.actions if offer not in offers
        ),
    )


async def _has_worker(request: ApiRequest, deployment: Deployment) -> bool:
    """Return whether a worker is online; True without checking if the deployment is not queued."""
    if deployment.status is not Status.QUEUED:
        return True
    return is_any_worker_online(await request.context.reads.workers(), request.context.now())


async def _find_live_number(request: ApiRequest, deployment: Deployment) -> int | None:
    """Return the number of the deployment that is live in the deployment's lane, if any."""
    criteria = CurrentFilter(services=(deployment.service,), environments=(deployment.environment,))
    cells = (await request.context.reads.current_state(criteria)).cells
    return cells[0].number if cells else None


def _path_after_action(changed: Deployment, action: str) -> str:
    """Return the path of the page to show after an action.

    After a rollback, this is the page of the deployment that restores the earlier version, if any.
    """
    if action == Action.ROLLBACK and changed.rolled_back_by is not None:
        return f"/deployments/{changed.rolled_back_by}?done=brought_back"
    return f"/deployments/{format_number(changed.number)}?done={action}"


def _group_unavailable_by_reason(actions: Iterable[ActionAvailability]) -> dict[str, list[Action]]:
    """Return the unavailable actions by reason, both in the order of `actions`."""
    groups: dict[str, list[Action]] = {}
    for availability in actions:
        if availability.reason is not None:
            groups.setdefault(availability.reason, []).append(availability.action)
    return groups


def _load_view(
    uow: UnitOfWork, *, reference: DeploymentReference, command: Command
) -> DeploymentView:
    deployment = refresh_people(uow, uow.deployments.get(reference))
    policy = uow.environments.policy_version(deployment.environment, deployment.policy_version)
    links = (
        ("Promoted from", deployment.promoted_from),
        ("Rolls back", deployment.rolls_back),
        (_ROLLED_BACK_BY, deployment.rolled_back_by),
        ("Superseded by", deployment.superseded_by),
    )
    linked = [
        (relation, uow.deployments.get(other)) for relation, other in links if other is not None
    ]
    related = [(_name_relation(relation, other), other) for relation, other in linked]
    next_environment = policy.policy.promotes_to
    promotion = (
        None
        if next_environment is None
        else uow.deployments.find_promotion(deployment.id, next_environment)
    )
    related = [(_name_relation(relation, other), other) for relation, other in related]
    if promotion is not None:
        related.append(("Promoted to", promotion))
    explanation = explain_deployment(uow, reference, command)
    return DeploymentView(
        deployment=deployment,
        policy=policy,
        review=review_progress(deployment, policy.policy),
        explanation=explanation,
        related=tuple(related),
        step_attempts=to_step_attempts(uow.claims.steps(deployment.id)),
        last_good=find_last_known_good(uow, deployment),
        people=load_people_by_role(
            uow, explanation.gates, deployment.service, deployment.environment
        ),
    )


def _name_relation(relation: str, other: Deployment) -> str:
    """Return the relation; "Rolled back by" becomes "Rollback" until the rollback is live."""
    is_incomplete = relation == _ROLLED_BACK_BY and other.deployed_at is None
    return "Rollback" if is_incomplete else relation


def _find_last_event_hash(events: Sequence[LedgerEntry]) -> str | None:
    """Return the hash of the deployment's last event, or None if `events` may be incomplete."""
    own = [entry for entry in events if entry.event.deployment_id is not None]
    return own[-1].hash if own and len(events) < MAX_EVENTS else None


async def _load_events(request: ApiRequest, deployment: Deployment) -> tuple[LedgerEntry, ...]:
    page = await request.context.reads.entries_of(deployment.id, PageRequest(limit=MAX_EVENTS))
    return page.items
