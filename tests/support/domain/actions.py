"""Acting on a ledger as the server does, in a line each."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.denial_audit import audit_denials
from gatepost_domain.actions.deployments import (
    emergency,
    promotion,
    request,
    review,
    rollback,
    rollout,
)
from gatepost_domain.actions.deployments.context import gate_context, load_deployment
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS
from gatepost_domain.deployments.claim import DEFAULT_LEASE, Claim
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.emergency import Verdict
from gatepost_domain.event import LedgerEntry
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.evaluation import OVERRIDABLE, evaluate_gates
from gatepost_domain.lifecycle.rollout import claim
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from gatepost_domain.status import Action
from tests.support.builders import NOON, a_command, a_request, an_id

T = TypeVar("T")


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """The outcome of a coroutine that never really waits, as those of the in-memory ledger."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        outcome: T = done.value
        return outcome
    raise AssertionError(coroutine)


async def request_deployment(
    ledger: Ledger, *, requester: Actor | str = "ada", at: datetime = NOON, **changes: Any
) -> Deployment:
    """Ask for a deployment; see `builders.a_request`."""
    asked, command = a_request(**changes), a_command(requester, at=at)
    return await ledger.perform(
        lambda uow: request.request_deployment(uow, asked, command, id=an_id(), new_id=an_id)
    )


async def perform_action(
    ledger: Ledger,
    action: Action,
    reference: DeploymentReference,
    by: Actor | str = "olga",
    *,
    at: datetime = NOON,
    note: str | None = "Because it must be.",
    stage: str | None = None,
    revision: int | None = None,
) -> Deployment:
    """Take an action, as anybody in every group unless told who."""
    command = a_command(by, at=at, note=note)
    return await ledger.perform(
        bind_action(action, reference, command, stage=stage, revision=revision)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ActionOptions:
    """What an action is told besides, where it asks for it."""

    stage: str | None
    revision: int | None

    @property
    def whole(self) -> dict[str, Any]:
        """What every action that may lead to others is told."""
        return {"revision": self.revision, "new_id": an_id}


_ActionFunction = Callable[[UnitOfWork, DeploymentReference, Command, _ActionOptions], Deployment]

_ACTION_FUNCTIONS: Final[Mapping[Action, _ActionFunction]] = {
    Action.APPROVE: lambda uow, reference, command, told: review.approve_deployment(
        uow, reference, command, stage=told.stage, **told.whole
    ),
    Action.REJECT: lambda uow, reference, command, told: review.reject_deployment(
        uow, reference, command, revision=told.revision
    ),
    Action.START: lambda uow, reference, command, told: rollout.start_deployment(
        uow, reference, command, revision=told.revision, build_id=an_id()
    ),
    Action.CLAIM: lambda uow, reference, command, told: _claim_deployment(
        uow, reference, command, revision=told.revision
    ),
    Action.SUCCEED: lambda uow, reference, command, told: rollout.succeed_deployment(
        uow, reference, command, **told.whole
    ),
    Action.FAIL: lambda uow, reference, command, told: rollout.fail_deployment(
        uow, reference, command, **told.whole
    ),
    Action.ROLLBACK: lambda uow, reference, command, told: rollback.roll_back_deployment(
        uow, reference, command, **told.whole
    ),
    Action.CANCEL: lambda uow, reference, command, told: rollout.cancel_deployment(
        uow, reference, command, revision=told.revision
    ),
    Action.PROMOTE: lambda uow, reference, command, told: promotion.promote_deployment(
        uow,
        reference,
        command,
        environment=None,
        risk="It may be slow.",
        id=an_id(),
        **told.whole,
    ),
    Action.OVERRIDE: lambda uow, reference, command, told: emergency.override_gate(
        uow, reference, command, gate=_first_closed_gate(uow, reference, command), **told.whole
    ),
    Action.BREAK_GLASS: lambda uow, reference, command, told: emergency.break_glass(
        uow, reference, command, incident="INC-1", **told.whole
    ),
    Action.AFTER_REVIEW: lambda uow, reference, command, told: emergency.close_after_review(
        uow, reference, command, verdict=Verdict.JUSTIFIED, **told.whole
    ),
}
"""Each action as the server takes it."""


def bind_action(
    action: Action,
    reference: DeploymentReference,
    command: Command,
    *,
    stage: str | None = None,
    revision: int | None = None,
) -> Callable[[UnitOfWork], Deployment]:
    """The action as a ledger performs it."""
    told = _ActionOptions(stage=stage, revision=revision)
    return lambda uow: _ACTION_FUNCTIONS[action](uow, reference, command, told)


def _claim_deployment(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: int | None
) -> Deployment:
    """What a worker's claim does, but on this one, whatever else is queued."""
    found, policy = load_deployment(uow, reference, revision)
    situation = gate_context(uow, found, policy, command.at)
    with audit_denials(command, found) as wish:
        claimed, event = claim(found, policy, situation, wish)
    uow.deployments.save(claimed, event)
    uow.claims.add(
        Claim(
            id=an_id(),
            fencing_token=uow.claims.next_fencing_token(),
            deployment_id=claimed.id,
            number=claimed.number,
            attempt=claimed.attempt,
            worker=command.actor.name.removeprefix("worker:"),
            claimed_at=command.at,
            leased_until=command.at + DEFAULT_LEASE,
            lease=DEFAULT_LEASE,
            deadline_at=command.at + timedelta(seconds=DEFAULT_TARGET_SETTINGS.deadline_s),
        )
    )
    return claimed


def _first_closed_gate(
    uow: UnitOfWork, reference: DeploymentReference, command: Command
) -> GateKind:
    """The gate that somebody who passes one would want to pass."""
    found, policy = load_deployment(uow, reference, None)
    gates = evaluate_gates(found, policy, gate_context(uow, found, policy, command.at))
    shut = (each.kind for each in gates if each.kind in OVERRIDABLE and not each.allows_start)
    return next(shut, GateKind.PROMOTION)


async def all_entries(reads: ReadModel) -> list[LedgerEntry]:
    """All there is in the ledger, oldest first."""
    page = await reads.entries(PageRequest(limit=100_000))
    return list(page.items)
