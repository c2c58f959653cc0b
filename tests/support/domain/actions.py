"""Actions on a ledger, performed in the same way as on the server."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.command import Command
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.deployments import (
    approval,
    execution,
    overrides_and_break_glass,
    promotion,
    request,
    rollback,
    rollback_retry,
)
from gatepost_domain.actions.deployments.deployment_loading import load_deployment
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS
from gatepost_domain.deployments.claim import DEFAULT_LEASE, Claim
from gatepost_domain.deployments.deployment import Deployment, DeploymentReference
from gatepost_domain.deployments.emergency_record import Verdict
from gatepost_domain.event import Event, LedgerEntry
from gatepost_domain.gate_kind import GateKind
from gatepost_domain.gates.context import load_gate_context
from gatepost_domain.gates.evaluation import OVERRIDABLE, evaluate_gates
from gatepost_domain.lifecycle.execution import start_for_worker
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import Ledger, UnitOfWork
from gatepost_domain.status_transitions import Action
from tests.support.builders import NOON, a_command, a_request, an_id

T = TypeVar("T")


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine that never waits, such as those of the in-memory ledger."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        outcome: T = done.value
        return outcome
    raise AssertionError(coroutine)


async def request_deployment(
    ledger: Ledger, *, requester: Actor | str = "ada", at: datetime = NOON, **changes: Any
) -> Deployment:
    """Request a deployment. `changes` are fields of `builders.a_request`."""
    deployment_request, command = a_request(**changes), a_command(requester, at=at)
    return await ledger.perform(
        lambda uow: request.request_deployment(
            uow, deployment_request, command, id=an_id(), new_id=an_id
        )
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
    """Perform an action, by default as an actor in every group."""
    command = a_command(by, at=at, note=note)
    return await ledger.perform(
        bind_action(action, reference, command, stage=stage, revision=revision)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ActionOptions:
    """The arguments that only certain actions accept."""

    stage: str | None
    revision: int | None

    @property
    def follow_up(self) -> dict[str, Any]:
        """Return the arguments for actions that can cause further actions."""
        return {"revision": self.revision, "new_id": an_id}


_ActionFunction = Callable[[UnitOfWork, DeploymentReference, Command, _ActionOptions], Deployment]

_ACTION_FUNCTIONS: Final[Mapping[Action, _ActionFunction]] = {
    Action.APPROVE: lambda uow, reference, command, options: approval.approve_deployment(
        uow, reference, command, stage=options.stage, **options.follow_up
    ),
    Action.REJECT: lambda uow, reference, command, options: approval.reject_deployment(
        uow, reference, command, revision=options.revision
    ),
    Action.WITHDRAW: lambda uow, reference, command, options: approval.withdraw_approval(
        uow, reference, command, revision=options.revision
    ),
    Action.START: lambda uow, reference, command, options: execution.start_deployment(
        uow, reference, command, revision=options.revision, build_id=an_id()
    ),
    Action.CLAIM: lambda uow, reference, command, options: _claim_deployment(
        uow, reference, command, revision=options.revision
    ),
    Action.SUCCEED: lambda uow, reference, command, options: execution.succeed_deployment(
        uow, reference, command, **options.follow_up
    ),
    Action.FAIL: lambda uow, reference, command, options: execution.fail_deployment(
        uow, reference, command, **options.follow_up
    ),
    Action.ROLLBACK: lambda uow, reference, command, options: rollback.roll_back_deployment(
        uow, reference, command, **options.follow_up
    ),
    Action.CANCEL: lambda uow, reference, command, options: execution.cancel_deployment(
        uow, reference, command, revision=options.revision
    ),
    Action.PROMOTE: lambda uow, reference, command, options: promotion.promote_deployment(
        uow,
        reference,
        command,
        environment=None,
        risk="It may be slow.",
        id=an_id(),
        **options.follow_up,
    ),
    Action.RETRY: lambda uow, reference, command, options: rollback_retry.retry_rollback(
        uow, reference, command, **options.follow_up
    ),
    Action.OVERRIDE: lambda uow, reference, command, options: (
        overrides_and_break_glass.override_gate(
            uow,
            reference,
            command,
            gate=_first_closed_gate(uow, reference, command),
            **options.follow_up,
        )
    ),
    Action.BREAK_GLASS: lambda uow, reference, command, options: (
        overrides_and_break_glass.break_glass(
            uow, reference, command, incident="INC-1", **options.follow_up
        )
    ),
    Action.AFTER_REVIEW: lambda uow, reference, command, options: (
        overrides_and_break_glass.close_after_review(
            uow, reference, command, verdict=Verdict.JUSTIFIED, **options.follow_up
        )
    ),
}
"""The function for each action."""


def bind_action(
    action: Action,
    reference: DeploymentReference,
    command: Command,
    *,
    stage: str | None = None,
    revision: int | None = None,
) -> Callable[[UnitOfWork], Deployment]:
    """Return an action as a function of the unit of work, for `Ledger.perform`."""
    options = _ActionOptions(stage=stage, revision=revision)
    return lambda uow: _ACTION_FUNCTIONS[action](uow, reference, command, options)


def _claim_deployment(
    uow: UnitOfWork, reference: DeploymentReference, command: Command, *, revision: int | None
) -> Deployment:
    """Claim this deployment as a worker would, instead of the next one in the queue."""
    deployment, policy = load_deployment(uow, reference, revision)
    context = load_gate_context(uow, deployment, policy, command.at)
    with resolve_actor_and_audit_denials(command, deployment) as audited:
        claimed, event = start_for_worker(deployment, policy, context, audited)
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
    """Return the first closed gate that can be overridden, or the promotion gate."""
    deployment, policy = load_deployment(uow, reference, None)
    gates = evaluate_gates(
        deployment, policy, load_gate_context(uow, deployment, policy, command.at)
    )
    closed = (gate.kind for gate in gates if gate.kind in OVERRIDABLE and not gate.allows_start)
    return next(closed, GateKind.PROMOTION)


async def all_entries(reads: ReadModel) -> list[LedgerEntry]:
    """Return all entries of the ledger, oldest first."""
    page = await reads.entries(PageRequest(limit=100_000))
    return list(page.items)


def without_state(event: Event) -> Event:
    """Return an event without the state of the rows that its action stored."""
    data = {name: value for name, value in event.data.items() if name != "state"}
    return replace(event, data=data)


async def all_events(reads: ReadModel) -> list[Event]:
    """Return all events, oldest first, without the state of rows."""
    return [without_state(entry.event) for entry in await all_entries(reads)]
