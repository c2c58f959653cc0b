"""The page of one deployment, and what can be done there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from gatepost_api.console.forms.form import REFUSALS, Form, form_of, redirect_to, refusal_of
from gatepost_api.console.rendering.page import Refused, page
from gatepost_api.console.views.attempts import Tried, tries_of
from gatepost_api.console.views.catalog_choices import every_environment
from gatepost_api.console.views.timeline import path_of
from gatepost_api.deployments.bindings import BINDINGS
from gatepost_api.deployments.reference import require_reference
from gatepost_api.http.execution import execute
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.request import ApiRequest
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.deployments.deployment import Deployment, Kind, Reference, number_text
from gatepost_domain.deployments.review import Review, review_of
from gatepost_domain.event import Entry
from gatepost_domain.gates.evaluation import OVERRIDABLE
from gatepost_domain.lifecycle.explanation import Explanation
from gatepost_domain.ports.paging import Window
from gatepost_domain.ports.unit_of_work import Work

MOST_EVENTS: Final = 200
EMPTY: Final = Form(fields={}, key=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A deployment with all that is told of it, as of one instant."""

    deployment: Deployment
    policy: Policy
    review: Review
    explanation: Explanation
    related: tuple[tuple[str, Deployment], ...]
    """Other deployments, by what they are to this one."""
    tries: list[Tried]
    """What workers told of it."""


class DeploymentPages(Controller):
    """One deployment."""

    path = "/deployments/{deployment:str}"

    @get(include_in_schema=False)
    async def show_deployment(
        self, request: ApiRequest, deployment: DeploymentInPath
    ) -> Response[bytes]:
        """From request to outcome: what it waits for, and what can be done."""
        return await _show(request, require_reference(deployment))

    @post("/{action:str}", include_in_schema=False)
    async def act_on_deployment(
        self, request: ApiRequest, deployment: DeploymentInPath, action: FromPath[str]
    ) -> Response[Any]:
        """Do to it what one of its buttons says."""
        binding = BINDINGS.get(action)
        if binding is None:
            raise NotFoundException(f"There is no action {action}.")
        reference, form = require_reference(deployment), await form_of(request)
        try:
            body = form.read_body(binding.body)
            return await execute(
                request,
                partial(
                    binding.bind(body, request.context.new_id), reference=reference, revision=None
                ),
                redirect_to(
                    lambda after: f"/deployments/{number_text(after.number)}?done={action}"
                ),
                note=body.note,
                idempotency_key=form.key,
            )
        except REFUSALS as error:
            return await _show(
                request, reference, refused=refusal_of(error), form=form, tried=action
            )


async def _show(
    request: ApiRequest,
    reference: Reference,
    *,
    refused: Refused | None = None,
    form: Form = EMPTY,
    tried: str | None = None,
) -> Response[bytes]:
    command = Command(actor=request.auth.actor, at=request.context.now())
    whole = await request.context.reads.look(partial(_whole, reference=reference, command=command))
    return page(
        request,
        "deployment.html",
        refused=refused,
        here=f"/deployments/{number_text(whole.deployment.number)}" if tried else None,
        title=f"{number_text(whole.deployment.number)} {whole.deployment.service}",
        whole=whole,
        d=whole.deployment,
        steps=path_of(whole.deployment, whole.policy, whole.review),
        events=await _events(request, whole.deployment),
        environments=await every_environment(request.context.reads),
        passable=[
            each
            for each in whole.explanation.gates
            if each.kind in OVERRIDABLE and not each.lets_through
        ],
        can_hide=command.actor.may(Right.HIDE) and whole.deployment.kind is Kind.RECORD,
        form=form,
        tried=tried,
    )


def _whole(work: Work, *, reference: Reference, command: Command) -> Whole:
    found = work.deployments.get(reference)
    policy = work.environments.policy(found.environment, found.policy_version)
    named = (
        ("Promoted from", found.promoted_from),
        ("Rolls back", found.rolls_back),
        ("Rolled back by", found.rolled_back_by),
        ("Superseded by", found.superseded_by),
    )
    related = [(what, work.deployments.get(other)) for what, other in named if other is not None]
    onward = policy.promotes_to
    followed = None if onward is None else work.deployments.promoted(found.id, onward)
    if followed is not None:
        related.append(("Promoted to", followed))
    return Whole(
        deployment=found,
        policy=policy,
        review=review_of(found, policy),
        explanation=explain_deployment(work, reference, command),
        related=tuple(related),
        tries=tries_of(work.claims.steps(found.id)),
    )


async def _events(request: ApiRequest, deployment: Deployment) -> tuple[Entry, ...]:
    page = await request.context.reads.entries_of(deployment.id, Window(limit=MOST_EVENTS))
    return page.items
