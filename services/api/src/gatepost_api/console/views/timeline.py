"""The path of one deployment from request to outcome, with times and how long each part took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from gatepost_api.console.views import labels
from gatepost_domain.catalog.policy import Execution, Policy
from gatepost_domain.deployments.deployment import Deployment, Kind
from gatepost_domain.deployments.review import Review, StageProgress
from gatepost_domain.status import Status


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    TO_COME = "todo"
    BAD = "bad"
    """It ended the path, and not well."""
    SKIPPED = "skipped"
    """It was done without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the path."""

    title: str
    state: StepState
    at: datetime | None = None
    by: str | None = None
    note: str | None = None
    took: timedelta | None = None
    """Since the step before."""


_NOT_WELL = frozenset({Status.FAILED, Status.REJECTED})


def path_of(deployment: Deployment, policy: Policy, review: Review) -> list[Step]:
    """Its steps in order, those to come among them."""
    return list(_timed(_steps(deployment, policy, review)))


def _steps(deployment: Deployment, policy: Policy, review: Review) -> Iterator[Step]:
    if deployment.kind is Kind.RECORD:
        yield Step(
            title="Deployed elsewhere",
            state=StepState.DONE,
            at=deployment.deployed_at,
            by=deployment.deployed_by,
        )
        yield Step(
            title="Recorded",
            state=StepState.DONE,
            at=deployment.created_at,
            by=deployment.requester,
        )
        return
    yield Step(
        title="Promoted" if deployment.kind is Kind.PROMOTION else "Requested",
        state=StepState.DONE,
        at=deployment.created_at,
        by=deployment.requester,
    )
    yield from _review(deployment, review)
    yield from _rollout(deployment, policy)
    if deployment.rolled_back_at is not None:
        yield Step(title="Rolled back", state=StepState.BAD, at=deployment.rolled_back_at)


def _review(deployment: Deployment, review: Review) -> Iterator[Step]:
    if not review.stages:
        yield Step(
            title="Approved by policy",
            state=StepState.DONE,
            at=deployment.approved_at,
            by="system",
        )
    for progress in review.stages:
        yield _stage(deployment, review, progress)


def _stage(deployment: Deployment, review: Review, progress: StageProgress) -> Step:
    name = f"Approval: {progress.stage.name}"
    given = f"{len(progress.approvals)} of {progress.stage.required}"
    if progress.satisfied:
        last = progress.approvals[-1]
        return Step(title=name, state=StepState.DONE, at=last.at, by=last.actor, note=last.note)
    if deployment.break_glass is not None:
        glass = deployment.break_glass
        return Step(
            title=name, state=StepState.SKIPPED, at=glass.at, by=glass.actor, note="Break-glass"
        )
    if deployment.status is Status.REJECTED and progress is review.open_stage:
        return Step(
            title=name,
            state=StepState.BAD,
            at=deployment.reviewed_at,
            by=deployment.reviewed_by,
            note="Rejected",
        )
    waits = deployment.status is Status.PENDING_APPROVAL and _is_open(review, progress)
    return Step(title=name, state=StepState.NOW if waits else StepState.TO_COME, note=given)


def _is_open(review: Review, progress: StageProgress) -> bool:
    return review.open_stage is not None and review.open_stage.stage == progress.stage


def _rollout(deployment: Deployment, policy: Policy) -> Iterator[Step]:
    status = deployment.status
    if status is Status.REJECTED:
        return
    if policy.execution is Execution.WORKER or deployment.queued_at is not None:
        state = _reached(deployment.queued_at, now=False)
        yield Step(title="Queued", state=state, at=deployment.queued_at)
    if status is Status.CANCELLED:
        reason = deployment.cancel_reason
        yield Step(title="Cancelled", state=StepState.BAD, at=deployment.finished_at, note=reason)
        return
    waits_to_start = status in {Status.APPROVED, Status.QUEUED}
    yield Step(
        title="Started",
        state=_reached(deployment.started_at, now=waits_to_start),
        at=deployment.started_at,
    )
    ended = deployment.finished_at
    title = "Outcome"
    if ended is not None:
        worked = deployment.deployed_at is not None
        title = labels.STATUS[Status.SUCCEEDED if worked else Status.FAILED].text
        if worked or status in _NOT_WELL:
            state = StepState.DONE if worked else StepState.BAD
            yield Step(title=title, state=state, at=ended, by=deployment.deployed_by)
        return
    if deployment.rolled_back_at is None:
        yield Step(title=title, state=_reached(None, now=status is Status.STARTED))


def _reached(at: datetime | None, *, now: bool) -> StepState:
    if at is not None:
        return StepState.DONE
    return StepState.NOW if now else StepState.TO_COME


def _timed(steps: Iterator[Step]) -> Iterator[Step]:
    before: datetime | None = None
    for step in steps:
        if step.at is None:
            yield step
            continue
        yield step if before is None else replace(step, took=step.at - before)
        before = step.at
