"""The last result of each check."""

from __future__ import annotations

from gatepost_domain.deployments.step import Step, StepKind, StepState, last_check_reports
from tests.support.builders import NOON


def a_step(name: str, state: StepState, *, kind: StepKind = StepKind.CHECK, tried: int = 1) -> Step:
    return Step(
        kind=kind,
        name=name,
        state=state,
        attempt=1,
        tried=tried,
        detail="",
        at=NOON,
        took_ms=None,
    )


def test_each_check_counts_by_its_last_report() -> None:
    """Other steps are left out, and the order is that of the first reports."""
    steps = [
        a_step("simulated", StepState.PASSED, kind=StepKind.EXECUTOR),
        a_step("ready", StepState.PASSED, kind=StepKind.READY),
        a_step("smoke", StepState.RUNNING),
        a_step("smoke", StepState.FAILED),
        a_step("login", StepState.PASSED),
        a_step("smoke", StepState.PASSED, tried=2),
    ]

    checks = [(check.name, check.state, check.tried) for check in last_check_reports(steps)]

    assert checks == [("smoke", StepState.PASSED, 2), ("login", StepState.PASSED, 1)]
