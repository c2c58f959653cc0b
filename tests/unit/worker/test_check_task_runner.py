"""Running the checks of a target outside of a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from gatepost_worker.check_task_runner import REPORTING_TIME_S, run_check_task
from gatepost_worker.dependencies import Dependencies
from gatepost_worker.http.client import HttpClient
from gatepost_worker.http.errors import RequestFailed, RequestRefused
from gatepost_worker.tasks import CheckTask, DeploymentTask
from tests.support.worker import (
    InstantClock,
    ScriptedHttpClient,
    a_check,
    a_check_task,
    a_response,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedDependencies(Dependencies):
    """Dependencies whose HTTP client returns what a test prepared."""

    http: ScriptedHttpClient

    def create_http_client(self, task: DeploymentTask | CheckTask) -> HttpClient:
        del task
        return self.http


def dependencies_with(*script: object) -> ScriptedDependencies:
    http = ScriptedHttpClient(*script)  # type: ignore[arg-type]  # responses and errors
    return ScriptedDependencies(executor_options={}, clock=InstantClock(), http=http)


async def test_each_check_has_one_result() -> None:
    """A check that is repeated has the result of its last attempt."""
    task = a_check_task(checks=(a_check("one", attempts=2), a_check("two")))
    dependencies = dependencies_with(a_response(500), a_response(200), a_response(200))

    reports = await run_check_task(task, dependencies=dependencies)

    assert [(report.name, report.state, report.attempts) for report in reports] == [
        ("one", "passed", 2),
        ("two", "passed", 1),
    ]
    assert reports[0].detail == "GET /db/read returned 200 in 12 ms."


async def test_failed_required_check_ends_the_run() -> None:
    """As after a rollout, a later check may depend on an earlier one."""
    task = a_check_task(checks=(a_check("one"), a_check("two")))

    reports = await run_check_task(task, dependencies=dependencies_with(a_response(503)))

    assert [(report.name, report.state) for report in reports] == [("one", "failed")]


async def test_refused_connection_is_an_error_of_the_check() -> None:
    """The policy decides where checks may connect; the service was not tested."""
    refused = RequestRefused("shop.example is not allowed.")

    (report,) = await run_check_task(a_check_task(), dependencies=dependencies_with(refused))

    assert (report.state, report.detail) == ("errored", "shop.example is not allowed.")


async def test_deadline_ends_a_check_that_hangs() -> None:
    """Time is left to report what was found."""
    task = a_check_task(
        checks=(a_check(attempts=20),), time_left=timedelta(seconds=REPORTING_TIME_S)
    )

    reports = await run_check_task(task, dependencies=dependencies_with(RequestFailed("No.")))

    assert [report.state for report in reports] in ([], ["failed"])


async def test_internal_error_is_an_error_of_the_check(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The run ends; the log has the traceback."""
    broken = dependencies_with(None)  # not a response

    (report,) = await run_check_task(a_check_task(), dependencies=broken)

    assert report.state == "errored"
    assert "Internal error in the worker" in report.detail
    assert "ended with an internal error" in caplog.text
