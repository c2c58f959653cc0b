"""Check runs with a real server and a real worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import pytest

from gatepost_client import Gatepost
from gatepost_client.models import CheckRun, CheckRunState, CheckState
from tests.support.client.rollouts import (
    a_check,
    allow_loopback_checks,
    register_service,
    use_simulated_executor,
)
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import SampleService, a_sample_service
from tests.support.workers import WorkerProcess

DEADLINE_S: Final = 30.0
PLACE: Final = ("probed", "test")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Return a server with one separate worker."""
    with (
        ServerProcess(tmp_path_factory.mktemp("server") / "data") as server,
        WorkerProcess(server, "berlin-1"),
    ):
        with Gatepost(server.url, token=server.token) as owner:
            allow_loopback_checks(owner)
            register_service(owner, PLACE[0], "1.0.0")
        yield server


@pytest.fixture
def owner(server: ServerProcess) -> Iterator[Gatepost]:
    with Gatepost(server.url, token=server.token) as client:
        yield client


@pytest.fixture
def service(owner: Gatepost) -> Iterator[SampleService]:
    """Return a running service with two checks."""
    with a_sample_service() as sample:
        sample.answers["GET /up"] = lambda _: (200, None)
        sample.answers["GET /cart"] = lambda _: (200, None)
        checks = [a_check("up", "/up"), a_check("cart", "/cart")]
        use_simulated_executor(owner, PLACE[0], base_url=sample.url, checks=checks)
        yield sample


def run_checks(owner: Gatepost) -> CheckRun:
    """Request the checks, and return the run once it has ended."""
    run = owner.run_checks(*PLACE)
    deadline = time.monotonic() + DEADLINE_S
    while run.state not in {CheckRunState.FINISHED, CheckRunState.LOST}:
        assert time.monotonic() < deadline, run
        time.sleep(0.1)
        run = owner.get_check_run(*PLACE, f"{run.id}")
    return run


def test_worker_says_whether_the_service_works(owner: Gatepost, service: SampleService) -> None:
    """The same checks pass while the service works, and fail when it does not."""
    working = run_checks(owner)
    service.answers["GET /up"] = lambda _: (503, None)
    broken = run_checks(owner)

    assert (working.outcome, working.worker) == (CheckState.PASSED, "berlin-1")
    assert [result.state for result in working.results] == [CheckState.PASSED] * 2
    assert broken.outcome == CheckState.FAILED
    assert [result.state for result in broken.results] == [CheckState.FAILED, CheckState.SKIPPED]
    assert "GET /up returned 503" in broken.results[0].detail
    assert owner.list_deployments(service=[PLACE[0]]).items == []


@pytest.mark.usefixtures("service")
def test_record_with_check_runs_verifies(owner: Gatepost) -> None:
    """Each run is requested, claimed and finished by one event each."""
    before = len(kinds(owner))
    run_checks(owner)

    assert kinds(owner)[before:] == [
        "check_run_requested",
        "check_run_claimed",
        "check_run_finished",
    ]
    assert owner.verify_record().ok


def kinds(owner: Gatepost) -> list[str]:
    """Return the kinds of all events."""
    return [f"{event.kind}" for event in owner.list_events(limit=200).items]
