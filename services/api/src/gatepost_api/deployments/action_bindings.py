"""The binding of each action's request body to a domain action, for the API and the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from gatepost_api.deployments.requests import (
    ActionBody,
    AfterReviewBody,
    ApproveBody,
    BreakGlassBody,
    HideBody,
    OverrideBody,
    PromoteBody,
    ReasonBody,
    RollbackBody,
)
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments import (
    approval,
    execution,
    overrides_and_break_glass,
    promotion,
    rollback,
    rollback_retry,
)
from gatepost_domain.actions.tracking.record import hide_record
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.revisions import ExpectedRevision
from gatepost_domain.status_transitions import Action

NewId = Callable[[], UUID]


class ActionInput(Protocol):
    """The values that the body of every action provides."""

    @property
    def actor(self) -> str | None:
        """The name of the person to act for, or None for the caller."""
        ...

    @property
    def note(self) -> str | None:
        """The note or reason that the action records."""
        ...


class DeploymentAction(Protocol):
    """A domain action on one deployment."""

    def __call__(
        self,
        uow: UnitOfWork,
        reference: DeploymentReference,
        command: Command,
        *,
        revision: ExpectedRevision,
    ) -> Deployment:
        """Load the deployment, apply the action, and save the result."""
        ...


Body = TypeVar("Body", bound=ActionInput)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionBinding(Generic[Body]):
    """The body type of an action and how it is bound to the domain action's arguments."""

    body: type[Body]
    bind: Callable[[Body, NewId], DeploymentAction]
    creates_deployment: bool = False
    """Whether the action returns a new deployment, to which the response links."""


BINDINGS: Final[Mapping[str, ActionBinding[Any]]] = {
    Action.APPROVE: ActionBinding(
        body=ApproveBody,
        bind=lambda body, new_id: partial(
            approval.approve_deployment, stage=body.stage, new_id=new_id
        ),
    ),
    Action.REJECT: ActionBinding(body=ReasonBody, bind=lambda _, __: approval.reject_deployment),
    Action.WITHDRAW: ActionBinding(body=ReasonBody, bind=lambda _, __: approval.withdraw_approval),
    Action.START: ActionBinding(
        body=ActionBody,
        bind=lambda _, new_id: partial(execution.start_deployment, build_id=new_id()),
    ),
    Action.SUCCEED: ActionBinding(
        body=ActionBody,
        bind=lambda _, new_id: partial(execution.succeed_deployment, new_id=new_id),
    ),
    Action.FAIL: ActionBinding(
        body=ReasonBody, bind=lambda _, new_id: partial(execution.fail_deployment, new_id=new_id)
    ),
    Action.ROLLBACK: ActionBinding(
        body=RollbackBody,
        bind=lambda body, new_id: partial(
            rollback.roll_back_deployment, redeploy=body.redeploy, new_id=new_id
        ),
    ),
    Action.CANCEL: ActionBinding(body=ReasonBody, bind=lambda _, __: execution.cancel_deployment),
    Action.PROMOTE: ActionBinding(
        body=PromoteBody,
        bind=lambda body, new_id: partial(
            promotion.promote_deployment,
            environment=body.environment,
            risk=body.risk,
            id=new_id(),
            new_id=new_id,
        ),
        creates_deployment=True,
    ),
    Action.RETRY: ActionBinding(
        body=ActionBody,
        bind=lambda _, new_id: partial(rollback_retry.retry_rollback, new_id=new_id),
        creates_deployment=True,
    ),
    Action.OVERRIDE: ActionBinding(
        body=OverrideBody,
        bind=lambda body, new_id: partial(
            overrides_and_break_glass.override_gate, gate=body.gate, new_id=new_id
        ),
    ),
    Action.BREAK_GLASS: ActionBinding(
        body=BreakGlassBody,
        bind=lambda body, new_id: partial(
            overrides_and_break_glass.break_glass,
            incident=body.incident,
            start=body.start,
            new_id=new_id,
        ),
    ),
    Action.AFTER_REVIEW: ActionBinding(
        body=AfterReviewBody,
        bind=lambda body, new_id: partial(
            overrides_and_break_glass.close_after_review, verdict=body.verdict, new_id=new_id
        ),
    ),
    "hide": ActionBinding(body=HideBody, bind=lambda _, __: hide_record),
}
"""Every action on a deployment, by the last segment of its path."""
