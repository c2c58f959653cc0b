"""Workers' actions on check runs: claiming, renewing and finishing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from gatepost_domain.access.authorization import authorize
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.access.actors_and_denials import resolve_actor_and_audit_denials
from gatepost_domain.actions.check_runs.events import check_run_event
from gatepost_domain.actions.deployments.worker_authorization import (
    authorize_worker,
    record_worker_seen_if_overdue,
)
from gatepost_domain.catalog.target import TargetSettings
from gatepost_domain.check_runs.check_run import (
    CheckRun,
    CheckRunState,
    CheckTask,
    claim_run,
    finish_run,
    mark_run_lost,
)
from gatepost_domain.check_runs.errors import CheckRunClaimLost
from gatepost_domain.check_runs.results import ReportedResult, complete_results
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

MAX_LOST: Final = 10
"""The maximum number of check runs past their deadline that are ended in one transaction."""


def claim_next_check_run(
    uow: UnitOfWork, command: Command, *, worker: str, lease: timedelta
) -> CheckTask | None:
    """Claim the check run that was requested first, or take over from a lost worker.

    Running the checks again is harmless, so a later attempt starts with the first check. Return
    None if there is no check run to claim that the actor may execute.

    Raises:
        Forbidden: the actor does not have the worker role.
    """
    run = _find_claimable(uow, command)
    if run is None:
        return None
    settings = _load_settings(uow, run)
    live = uow.deployments.find_last_good(run.service, run.environment, exclude=())
    claimed = claim_run(
        run,
        settings.checks,
        worker=worker,
        version=None if live is None else live.version,
        lease=lease,
        at=command.at,
    )
    event = check_run_event(
        EventKind.CHECK_RUN_CLAIMED,
        command,
        claimed,
        actor=f"worker:{worker}",
        attempt=claimed.attempt,
        version=claimed.version,
    )
    uow.check_runs.save(claimed, event)
    policy_version = uow.environments.get(run.environment).policy_version
    policy = uow.environments.policy(run.environment, policy_version)
    return CheckTask(run=claimed, settings=settings, outgoing_allow=policy.outgoing_allow)


def has_claimable_check_run(uow: UnitOfWork, command: Command) -> bool:
    """Return whether `claim_next_check_run` would return a task; nothing is written."""
    return _find_claimable(uow, command) is not None


def renew_check_run(
    uow: UnitOfWork, run: UUID, command: Command, *, fencing_token: int
) -> CheckRun:
    """Renew the claim on a check run for another lease; this is not recorded as an event.

    Raises:
        NotFound: there is no such check run.
        Forbidden: the actor may not execute it.
        CheckRunClaimLost: another worker holds the check run, or it has ended.
    """
    current = _require_valid_claim(uow, run, command, fencing_token)
    lease = current.lease or timedelta()
    renewed = replace(current, leased_until=command.at + lease)
    uow.check_runs.save_lease(renewed)
    record_worker_seen_if_overdue(uow, current.worker or "", lease=lease, at=command.at)
    return renewed


def finish_check_run(
    uow: UnitOfWork,
    run: UUID,
    command: Command,
    *,
    fencing_token: int,
    results: Sequence[ReportedResult],
) -> CheckRun:
    """Store the results of a check run. Checks without a result were skipped.

    Raises: the same errors as `renew_check_run`, and
        ValidationFailed: a result is reported twice, or for a check that does not exist.
    """
    current = _require_valid_claim(uow, run, command, fencing_token)
    record_worker_seen_if_overdue(
        uow, current.worker or "", lease=current.lease or timedelta(), at=command.at
    )
    complete = complete_results(_load_settings(uow, current).checks, results)
    finished = finish_run(current, complete, at=command.at)
    event = check_run_event(
        EventKind.CHECK_RUN_FINISHED,
        command,
        finished,
        actor=f"worker:{current.worker}",
        outcome=finished.outcome,
        results={result.name: result.state for result in complete},
    )
    uow.check_runs.save(finished, event)
    return finished


def end_overdue_check_runs(uow: UnitOfWork, command: Command) -> None:
    """End check runs that no worker claimed or finished in time, on behalf of the system."""
    for run in uow.check_runs.list_past_deadline(command.at)[:MAX_LOST]:
        lost = mark_run_lost(run, at=command.at)
        event = check_run_event(EventKind.CHECK_RUN_LOST, command, lost, attempt=run.attempt)
        uow.check_runs.save(lost, event)


def _find_claimable(uow: UnitOfWork, command: Command) -> CheckRun | None:
    actor = authorize_worker(command).actor
    return next(
        (
            run
            for run in uow.check_runs.list_claimable(command.at)
            if actor.may(Right.CARRY_OUT, service=run.service, environment=run.environment)
        ),
        None,
    )


def _require_valid_claim(
    uow: UnitOfWork, run: UUID, command: Command, fencing_token: int
) -> CheckRun:
    """Return a check run; refuse a worker that no longer holds it."""
    stored = uow.check_runs.get(run)
    with resolve_actor_and_audit_denials(command) as resolved:
        authorize(
            resolved.actor,
            Right.CARRY_OUT,
            service=stored.service,
            environment=stored.environment,
        )
    if stored.state is not CheckRunState.RUNNING or stored.attempt != fencing_token:
        raise CheckRunClaimLost(stored)
    return stored


def _load_settings(uow: UnitOfWork, run: CheckRun) -> TargetSettings:
    """Return the target's settings in the version that was current when the run was requested."""
    target = uow.target_settings.get_version(
        run.service, run.environment, run.target_version, set_at=run.target_set_at
    )
    return target.settings
