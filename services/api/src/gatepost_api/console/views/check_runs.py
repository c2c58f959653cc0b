"""Badges and texts for check runs, for the checks of a target, and for their results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gatepost_api.console.views.labels import Icon, Label, Tone
from gatepost_domain.catalog.target import Check
from gatepost_domain.check_runs.check_run import CheckRun, CheckRunState, CheckState

CHECK_STATE: Final[Mapping[CheckState, Label]] = {
    CheckState.PASSED: Label(text="Passed", tone=Tone.GOOD, icon=Icon.CHECK),
    CheckState.FAILED: Label(text="Failed", tone=Tone.BAD, icon=Icon.CROSS),
    CheckState.ERRORED: Label(text="Error", tone=Tone.BAD, icon=Icon.ALERT),
    CheckState.SKIPPED: Label(text="Skipped", tone=Tone.MUTED, icon=Icon.SKIP),
}
"""The badges for check results and run outcomes."""

_STATE: Final[Mapping[CheckRunState, Label]] = {
    CheckRunState.QUEUED: Label(text="Queued", tone=Tone.WAITING, icon=Icon.QUEUE),
    CheckRunState.RUNNING: Label(text="Running", tone=Tone.ACTIVE, icon=Icon.SPIN),
    CheckRunState.LOST: Label(text="Not finished", tone=Tone.MUTED, icon=Icon.ALERT),
}


def check_run_badge(run: CheckRun) -> Label:
    """Return the badge of a run, showing its outcome, or its state until there is one."""
    outcome = run.outcome
    return _STATE[run.state] if outcome is None else CHECK_STATE[outcome]


def describe_expectation(check: Check) -> str:
    """Return a description of the response that a check expects, such as `200, /status is "ok"`."""
    parts = [str(check.expect_status)]
    parts += [f"{pointer or 'the body'} is {value}" for pointer, value in check.expect_json.items()]
    if check.max_latency_ms is not None:
        parts.append(f"within {check.max_latency_ms} ms")
    return ", ".join(parts)


def summarize_results(run: CheckRun) -> str:
    """Return how many checks passed, such as "2 of 3 passed"; empty until there are results."""
    if not run.results:
        return ""
    passed = sum(result.state is CheckState.PASSED for result in run.results)
    return f"{passed} of {len(run.results)} passed"
