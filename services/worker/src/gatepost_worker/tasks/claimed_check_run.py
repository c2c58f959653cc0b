"""Check tasks: the checks of a target, to be run outside of a deployment, and their results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gatepost_worker.tasks.claimed_deployment import Check
from gatepost_worker.tasks.step_report import StepState


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask:
    """A claimed check run and the conditions of the claim."""

    check_run_id: str
    fencing_token: int
    """The token to send with every report about the check run; only the latest one is accepted."""
    service: str
    environment: str
    base_url: str
    checks: tuple[Check, ...]
    """The checks in the order in which they run."""
    outgoing_allow: tuple[str, ...]
    """The host names, domains, addresses and networks that the environment's policy allows."""
    time_left: timedelta
    """Time until the deadline; a duration, because the clocks of two machines differ."""
    lease: timedelta
    """How long the claim lasts after each renewal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The result of one check in a check task: the result of its last attempt."""

    name: str
    state: StepState
    attempts: int
    detail: str
    at: datetime
    took_ms: int
