"""Gates and available actions in responses."""

from __future__ import annotations

from typing import Self

from gatepost_api.deployments.responses import Deployment, Review
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.actions.deployments.request import RequestPreview
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates import gate
from gatepost_domain.gates.gate import GateState
from gatepost_domain.lifecycle import explanation
from gatepost_domain.status import Action


class Gate(ResponseModel):
    """Something a deployment waits for."""

    kind: GateKind
    state: GateState
    code: str
    """Why, for programs; a start that this gate refuses carries it."""
    message: str
    """Why, and what would open it."""
    since: Instant | None
    opens_at: Instant | None
    """When it opens by itself, if that is known."""
    who_can_act: list[str]
    """`group:qa`, `user:ada`, `reviewer`, `operator`, `requester`, or `emergency`, who may pass
    it."""

    @classmethod
    def from_domain(cls, found: gate.Gate) -> Self:
        """As the domain has it."""
        return cls(
            kind=found.kind,
            state=found.state,
            code=found.code,
            message=found.message,
            since=found.since,
            opens_at=found.opens_at,
            who_can_act=list(found.who_can_act),
        )


class ActionOffer(ResponseModel):
    """Whether the caller may take an action now."""

    action: Action
    allowed: bool
    reason: str | None
    """Why not; none where it is allowed."""


class DeploymentPreview(ResponseModel):
    """What would become of a request."""

    review: Review
    can_start: bool
    """Whether it could start at once."""
    gates: list[Gate]
    actions: list[ActionOffer]
    """What the caller could do to it."""

    @classmethod
    def from_domain(cls, preview: RequestPreview) -> Self:
        """As the domain has it."""
        told = DeploymentGates.from_domain(preview.explanation)
        return cls(
            review=Deployment.from_domain(preview.deployment, preview.policy).review,
            can_start=told.can_start,
            gates=told.gates,
            actions=told.actions,
        )


class DeploymentGates(ResponseModel):
    """Why a deployment waits, and what the caller can do about it."""

    can_start: bool
    """Whether it is approved and all its gates are open."""
    gates: list[Gate]
    """None once it has started or ended, but for the review of a rejected one."""
    actions: list[ActionOffer]

    @classmethod
    def from_domain(cls, explanation: explanation.Explanation) -> Self:
        """As the domain has it."""
        return cls(
            can_start=explanation.can_start,
            gates=[Gate.from_domain(each) for each in explanation.gates],
            actions=[
                ActionOffer(action=offer.action, allowed=offer.allowed, reason=offer.reason)
                for offer in explanation.actions
            ],
        )
