"""Timeline of a deployment from request to outcome, with times and durations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gatepost_api.console.views import labels
from gatepost_api.console.views.independence_texts import dependent_review_texts
from gatepost_api.console.views.labels import approval_count
from gatepost_api.console.views.status_details import rollback_label
from gatepost_api.console.views.who_can_act import join_names
from gatepost_domain.catalog.policy import ExecutionMode, Policy
from gatepost_domain.deployments.deployment import Deployment, DeploymentKind, format_number
from gatepost_domain.deployments.review import ReviewProgress, StageProgress
from gatepost_domain.deployments.rollback_state import RollbackState
from gatepost_domain.event import EventKind, LedgerEntry
from gatepost_domain.status_transitions import CancelReason, Status


class EntryState(StrEnum):
    """The state of a timeline entry."""

    DONE = "done"
    NOW = "now"
    PENDING = "todo"
    BAD = "bad"
    """The deployment was rejected, cancelled or rolled back here, or it failed here."""
    SKIPPED = "skipped"
    """The approval was skipped because break-glass was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One entry in the timeline."""

    title: str
    state: EntryState
    at: datetime | None = None
    by: str | None = None
    note: str | None = None
    duration: timedelta | None = None
    """The time since the previous entry."""


_UNSUCCESSFUL = frozenset({Status.FAILED, Status.REJECTED})


_EVENTS: Final[Mapping[str, EventKind]] = {
    "Started": EventKind.STARTED,
    "Cancelled": EventKind.CANCELLED,
    "Rolled back": EventKind.ROLLED_BACK,
    "Rollback requested": EventKind.ROLLED_BACK,
}
"""Maps the titles of entries to the kinds of events that name their actors, because the deployment
does not."""


def build_timeline(
    deployment: Deployment,
    policy: Policy,
    review: ReviewProgress,
    events: Iterable[LedgerEntry] = (),
    rollback: RollbackState | None = None,
) -> list[TimelineEntry]:
    """Return the timeline entries in order, including pending ones. `events` are in order.

    `rollback` is the deployment that restores the earlier version, if there is one.
    """
    actors = {entry.event.kind: entry.event.actor for entry in events}
    entries = (
        *_entries(deployment, policy, review),
        *_rollback_entries(deployment, rollback),
    )
    return list(_with_durations(_with_actor(entry, actors) for entry in entries))


def _with_actor(entry: TimelineEntry, actors: Mapping[EventKind, str]) -> TimelineEntry:
    """Add, to an entry that has happened, the actor of the last event of the entry's kind."""
    kind = _EVENTS.get(entry.title)
    if kind is None or entry.at is None or entry.by is not None:
        return entry
    return replace(entry, by=actors.get(kind))


def _entries(
    deployment: Deployment, policy: Policy, review: ReviewProgress
) -> Iterator[TimelineEntry]:
    if deployment.kind is DeploymentKind.RECORD:
        failed = deployment.deployed_at is None
        yield TimelineEntry(
            title="Failed elsewhere" if failed else "Deployed elsewhere",
            state=EntryState.DONE,
            at=deployment.finished_at if failed else deployment.deployed_at,
            by=deployment.deployed_by,
        )
        if deployment.rolled_back_at is not None:
            yield TimelineEntry(
                title="Rolled back elsewhere",
                state=EntryState.DONE,
                at=deployment.rolled_back_at,
                by=None,
            )
        yield TimelineEntry(
            title="Recorded",
            state=EntryState.DONE,
            at=deployment.created_at,
            by=deployment.requester,
        )
        return
    yield TimelineEntry(
        title="Promoted" if deployment.kind is DeploymentKind.PROMOTION else "Requested",
        state=EntryState.DONE,
        at=deployment.created_at,
        by=f"system for {deployment.requester}" if deployment.automatic else deployment.requester,
    )
    yield from _approval_entries(deployment, review)
    yield from _rollout_entries(deployment, policy)


def _rollback_entries(
    deployment: Deployment, rollback: RollbackState | None
) -> Iterator[TimelineEntry]:
    at = deployment.rolled_back_at
    if at is None or deployment.kind is DeploymentKind.RECORD:
        return
    if rollback is None:
        yield TimelineEntry(title="Rolled back", state=EntryState.BAD, at=at)
        return
    yield TimelineEntry(title="Rollback requested", state=EntryState.DONE, at=at)
    number = format_number(rollback.number)
    if rollback.deployed_at is not None:
        yield TimelineEntry(
            title=f"Rolled back to {rollback.version}",
            state=EntryState.BAD,
            at=rollback.deployed_at,
            note=number,
        )
        return
    is_open = rollback.is_waiting or rollback.status is Status.STARTED
    yield TimelineEntry(
        title=f"Rollback to {rollback.version}" if is_open else rollback_label(rollback).text,
        state=EntryState.NOW if is_open else EntryState.BAD,
        note=number,
    )


def _approval_entries(deployment: Deployment, review: ReviewProgress) -> Iterator[TimelineEntry]:
    if not review.stages:
        yield TimelineEntry(
            title="Approved by policy",
            state=EntryState.DONE,
            at=deployment.approved_at,
            by="system",
        )
    for progress in review.stages:
        yield _stage_entry(deployment, review, progress)


def _approval_note(deployment: Deployment, progress: StageProgress) -> str | None:
    """Return the last reviewer's note and a sentence for each dependent review in the stage."""
    reviewers = dict.fromkeys(approval.actor for approval in progress.approvals)
    marks = [text for name in reviewers for text in dependent_review_texts(deployment, name)]
    note = progress.approvals[-1].note
    return " ".join([*([] if note is None else [note]), *marks]) or None


def _stage_entry(
    deployment: Deployment, review: ReviewProgress, progress: StageProgress
) -> TimelineEntry:
    name = f"Stage {progress.stage.name}"
    progress_text = approval_count(progress)
    if progress.satisfied:
        last = progress.approvals[-1]
        return TimelineEntry(
            title=name,
            state=EntryState.DONE,
            at=last.at,
            by=join_names(
                [*dict.fromkeys(approval.actor for approval in progress.approvals)], word="and"
            ),
            note=_approval_note(deployment, progress),
        )
    if deployment.break_glass is not None:
        break_glass = deployment.break_glass
        return TimelineEntry(
            title=name,
            state=EntryState.SKIPPED,
            at=break_glass.at,
            by=break_glass.actor,
            note="Break-glass",
        )
    if deployment.status is Status.REJECTED and progress is review.open_stage:
        return TimelineEntry(
            title=name,
            state=EntryState.BAD,
            at=deployment.reviewed_at,
            by=deployment.reviewed_by,
            note="Rejected",
        )
    is_waiting = deployment.status is Status.PENDING_APPROVAL and _is_open(review, progress)
    return TimelineEntry(
        title=name, state=EntryState.NOW if is_waiting else EntryState.PENDING, note=progress_text
    )


def _is_open(review: ReviewProgress, progress: StageProgress) -> bool:
    return review.open_stage is not None and review.open_stage.stage == progress.stage


def _rollout_entries(deployment: Deployment, policy: Policy) -> Iterator[TimelineEntry]:
    status = deployment.status
    if status is Status.REJECTED:
        return
    if policy.execution is ExecutionMode.WORKER or deployment.queued_at is not None:
        state = _state_of(deployment.queued_at, now=False)
        yield TimelineEntry(title="Queued", state=state, at=deployment.queued_at)
    if status is Status.CANCELLED:
        reason = deployment.cancel_reason
        yield TimelineEntry(
            title="Cancelled",
            state=EntryState.BAD,
            at=deployment.finished_at,
            note=None if reason is CancelReason.WITHDRAWN else reason,
        )
        return
    is_waiting_to_start = status in {Status.APPROVED, Status.QUEUED}
    yield TimelineEntry(
        title="Started",
        state=_state_of(deployment.started_at, now=is_waiting_to_start),
        at=deployment.started_at,
    )
    finished_at = deployment.finished_at
    title = "Outcome"
    if finished_at is not None:
        succeeded = deployment.deployed_at is not None
        title = labels.STATUS[Status.SUCCEEDED if succeeded else Status.FAILED].text
        if succeeded or status in _UNSUCCESSFUL:
            state = EntryState.DONE if succeeded else EntryState.BAD
            yield TimelineEntry(title=title, state=state, at=finished_at, by=deployment.deployed_by)
        return
    if deployment.rolled_back_at is None:
        yield TimelineEntry(title=title, state=_state_of(None, now=status is Status.STARTED))


def _state_of(at: datetime | None, *, now: bool) -> EntryState:
    if at is not None:
        return EntryState.DONE
    return EntryState.NOW if now else EntryState.PENDING


def _with_durations(entries: Iterator[TimelineEntry]) -> Iterator[TimelineEntry]:
    previous_at: datetime | None = None
    for entry in entries:
        if entry.at is None:
            yield entry
            continue
        yield entry if previous_at is None else replace(entry, duration=entry.at - previous_at)
        previous_at = entry.at
