"""What happens because time passes: requests expire, deadlines are missed, gates open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.deployments.auto_start import could_resume, resume_all
from gatepost_domain.actions.deployments.claims import miss_deadlines
from gatepost_domain.lifecycle import cancellation, overrides
from gatepost_domain.ports.unit_of_work import Work


def pass_time(work: Work, *, at: datetime, new_id: Callable[[], UUID]) -> None:
    """Do all that is due by this instant."""
    by_system = Command(actor=SYSTEM, at=at)
    for each in work.deployments.expired(at):
        work.deployments.save(*cancellation.expire(each, by_system))
    for each in work.deployments.falling_due(at):
        work.deployments.save(*overrides.fall_due(each, by_system))
    miss_deadlines(work, by_system, new_id=new_id)
    resume_all(work, at=at, new_id=new_id)


def is_anything_due(work: Work, *, at: datetime, new_id: Callable[[], UUID]) -> bool:
    """Whether `pass_time` would do anything, to be asked without writing."""
    return bool(
        work.deployments.expired(at)
        or work.deployments.falling_due(at)
        or work.claims.past_deadline(at)
        or could_resume(work, at=at, new_id=new_id)
    )
