"""Responses for gates and available actions."""

from __future__ import annotations

from typing import Self

from gatepost_api.deployments.responses import Dependence, Deployment
from gatepost_api.deployments.review_responses import Review
from gatepost_api.schemas.base import Instant, ResponseModel
from gatepost_domain.actions.deployments.request import RequestPreview
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates import gate
from gatepost_domain.gates.gate import GateState
from gatepost_domain.lifecycle import explanation
from gatepost_domain.status_transitions import Action


class Gate(ResponseModel):
    """A condition for starting a deployment."""

    kind: GateKind
    state: GateState
    code: str
    """A stable reason code. A start refused by this gate returns the same code."""
    message: str
    """Why the gate is in this state and what opens it."""
    since: Instant | None
    """When the gate entered this state. Null if unknown."""
    opens_at: Instant | None
    """When the gate opens automatically. Null if unknown."""
    who_can_act: list[str]
    """Who can open or override the gate: a user (`user:ada`), a group (`group:qa`) or the name of a
    role. For missing approvals, the people who are currently able to approve; if there are more
    than 20, also the groups. Empty if no one can; in that case, the message gives the reason and
    what to do."""
    would_be_dependent: list[Dependence]
    """For missing approvals: the marks that approvals by the people in `who_can_act` would add to
    the deployment, because one person could have acted both as the reviewer and as someone else
    behind the deployment. Empty for all other gates."""

    @classmethod
    def from_domain(cls, gate: gate.Gate) -> Self:
        """Map a domain gate to its response."""
        return cls(
            kind=gate.kind,
            state=gate.state,
            code=gate.code,
            message=gate.message,
            since=gate.since,
            opens_at=gate.opens_at,
            who_can_act=list(gate.who_can_act),
            would_be_dependent=[Dependence.from_domain(each) for each in gate.would_be_dependent],
        )


class ActionOffer(ResponseModel):
    """An action, and whether the caller can perform it now."""

    action: Action
    allowed: bool
    """Whether the caller can perform the action now."""
    reason: str | None
    """Why the action is not allowed. Null if it is allowed."""


class DeploymentPreview(ResponseModel):
    """The result of evaluating a request without creating it."""

    review: Review
    can_start: bool
    """Whether the deployment could start at once."""
    gates: list[Gate]
    """The gates that the deployment would have."""
    actions: list[ActionOffer]
    """The actions that would be available to the caller."""

    @classmethod
    def from_domain(cls, preview: RequestPreview) -> Self:
        """Map a domain preview to its response."""
        explanation = DeploymentGates.from_domain(preview.explanation)
        return cls(
            review=Deployment.from_domain(preview.deployment, preview.policy).review,
            can_start=explanation.can_start,
            gates=explanation.gates,
            actions=explanation.actions,
        )


class DeploymentGates(ResponseModel):
    """The gates of a deployment and the actions available to the caller."""

    can_start: bool
    """Whether the deployment is approved and all its gates are open."""
    gates: list[Gate]
    """The gates. Empty once the deployment has started or ended, except for the approval gate of a
    rejected deployment."""
    actions: list[ActionOffer]
    """The actions, and for each one whether the caller can perform it now and, if not, why."""
    newer_target_version: int | None
    """The current revision of the target's settings, if the waiting deployment uses an older one.
    Null if there is no newer one, and once the deployment has started or ended."""
    newer_target_message: str | None
    """What the newer settings mean for the deployment. Null if there are no newer settings."""
    redeployed_target_message: str | None
    """A sentence stating that this rollback redeploys a version with different target settings
    than before. Null if the settings are the same, or if either revision of the settings is
    unknown."""

    @classmethod
    def from_domain(cls, explanation: explanation.Explanation) -> Self:
        """Map a domain explanation to its response."""
        return cls(
            can_start=explanation.can_start,
            gates=[Gate.from_domain(gate) for gate in explanation.gates],
            actions=[
                ActionOffer(action=offer.action, allowed=offer.allowed, reason=offer.reason)
                for offer in explanation.actions
            ],
            newer_target_version=explanation.newer_target_version,
            newer_target_message=explanation.newer_target_message,
            redeployed_target_message=explanation.redeployed_target_message,
        )
