"""Workers with a real server: lanes, freezes, hostile targets and lost claims."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepost_client import Gatepost, GatepostProblem
from gatepost_client.models import (
    CancelReason,
    ClaimCreate,
    DeploymentStatus,
    Ending,
    EnvironmentCreate,
    EventKind,
    ExecutionMode,
    FinishBody,
    FreezeCreate,
    FreezeScopeBody,
    LaneMode,
    LiftBody,
    PolicyBody,
    SimulatedOutcome,
    TargetCheckBodyExpectJson,
    Task,
    Tier,
)
from tests.support.client.rollouts import (
    LOOPBACK,
    a_check,
    allow_loopback_checks,
    deployment_create,
    last_event_note,
    register_service,
    use_simulated_executor,
    wait_for,
)
from tests.support.hostile_target import hostile_target
from tests.support.processes.server import ServerProcess
from tests.support.sample_service import SampleService, a_sample_service
from tests.support.workers import WorkerProcess

VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
QUEUED, STARTED = DeploymentStatus.QUEUED, DeploymentStatus.STARTED
SUCCEEDED, FAILED = DeploymentStatus.SUCCEEDED, DeploymentStatus.FAILED


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Return a server without a built-in worker but with two separate workers."""
    with (
        ServerProcess(tmp_path_factory.mktemp("server") / "data") as server,
        WorkerProcess(server, "berlin-1"),
        WorkerProcess(server, "berlin-2", "--lease-s=2"),
    ):
        with Gatepost(server.url, token=server.token) as owner:
            allow_loopback_checks(owner)
        yield server


@pytest.fixture
def owner(server: ServerProcess) -> Iterator[Gatepost]:
    with Gatepost(server.url, token=server.token) as client:
        yield client


@pytest.fixture
def slow_service() -> Iterator[SampleService]:
    """Return a service whose check delays each rollout until the test calls `finish_checks`."""
    with a_sample_service() as sample:
        sample.answers["GET /go-on"] = lambda _: (503, None)
        yield sample


def register_slow_service(owner: Gatepost, service: str, sample: SampleService) -> None:
    """Register a service whose rollouts wait for `finish_checks`."""
    register_service(owner, service, *VERSIONS)
    check = a_check("go-on", "/go-on", attempts=20)
    use_simulated_executor(owner, service, base_url=sample.url, checks=[check])


def finish_checks(sample: SampleService) -> None:
    sample.answers["GET /go-on"] = lambda _: (200, None)


def create_worker_environment(owner: Gatepost, name: str, *, lane: LaneMode) -> None:
    """Create an environment that workers deploy to, with this lane mode."""
    policy = PolicyBody(
        execution=ExecutionMode.WORKER, auto_start=True, lane=lane, outgoing_allow=list(LOOPBACK)
    )
    owner.create_environment(EnvironmentCreate(name=name, tier=Tier.TEST, policy=policy))


def request_deployments(owner: Gatepost, service: str, *versions: str) -> list[str]:
    """Request a deployment of each version in turn and return their numbers."""
    return [
        owner.create_deployment(deployment_create(service, version)).number for version in versions
    ]


def test_queued_deployments_run_one_at_a_time_in_order(
    owner: Gatepost, slow_service: SampleService
) -> None:
    """Two workers with free slots never run two rollouts in one lane at the same time."""
    register_slow_service(owner, "queueing", slow_service)
    first, second, third = request_deployments(owner, "queueing", *VERSIONS)
    wait_for(owner, first, STARTED)
    assert owner.get_deployment(second).status is QUEUED

    finish_checks(slow_service)
    finished = [wait_for(owner, number) for number in (first, second, third)]

    assert [deployment.status for deployment in finished] == [SUCCEEDED] * 3
    instants = [
        instant
        for deployment in finished
        for instant in (deployment.started_at, deployment.finished_at)
        if instant
    ]
    assert len(instants) == 6
    assert instants == sorted(instants)


def test_newer_deployment_supersedes_a_waiting_one(
    owner: Gatepost, slow_service: SampleService
) -> None:
    """The started rollout finishes; of the waiting deployments, only the newest runs."""
    create_worker_environment(owner, "superseding", lane=LaneMode.SUPERSEDE)
    register_service(owner, "superseding", *VERSIONS)
    check = a_check("go-on", "/go-on", attempts=20)
    use_simulated_executor(
        owner, "superseding", "superseding", base_url=slow_service.url, checks=[check]
    )
    numbers = []
    for version in VERSIONS:
        request = deployment_create("superseding", version, "superseding")
        numbers.append(owner.create_deployment(request).number)
        wait_for(owner, numbers[0], STARTED, SUCCEEDED)

    finish_checks(slow_service)
    first, second, third = (wait_for(owner, number) for number in numbers)

    assert (first.status, third.status) == (SUCCEEDED, SUCCEEDED)
    assert second.status is DeploymentStatus.CANCELLED
    assert second.cancel_reason is CancelReason.SUPERSEDED
    assert second.superseded_by == third.id


def test_rejecting_lane_queues_nothing_while_busy(
    owner: Gatepost, slow_service: SampleService
) -> None:
    """The deployment stays approved while the lane is busy and starts once it is free."""
    create_worker_environment(owner, "rejecting", lane=LaneMode.REJECT)
    register_service(owner, "rejecting", *VERSIONS)
    check = a_check("go-on", "/go-on", attempts=20)
    use_simulated_executor(
        owner, "rejecting", "rejecting", base_url=slow_service.url, checks=[check]
    )
    first = owner.create_deployment(deployment_create("rejecting", VERSIONS[0], "rejecting")).number
    wait_for(owner, first, STARTED)

    second = owner.create_deployment(deployment_create("rejecting", VERSIONS[1], "rejecting"))
    assert second.status is DeploymentStatus.APPROVED
    with pytest.raises(GatepostProblem) as refused:
        owner.start_deployment(second.number)
    assert refused.value.status == 409

    finish_checks(slow_service)
    assert wait_for(owner, first).status is SUCCEEDED
    assert wait_for(owner, second.number).status is SUCCEEDED


def test_freeze_delays_a_queued_deployment_until_lifted(owner: Gatepost) -> None:
    """No worker starts the deployment during the freeze, and the freeze gate shows the reason."""
    register_service(owner, "freezing", *VERSIONS)
    use_simulated_executor(owner, "freezing")
    scope = FreezeScopeBody(service="freezing")
    freeze = owner.impose_freeze(FreezeCreate(scope=scope, reason="The books are being closed."))
    (number,) = request_deployments(owner, "freezing", VERSIONS[0])
    time.sleep(1.5)  # longer than the workers' polling interval
    assert owner.get_deployment(number).status is not STARTED
    assert owner.get_deployment(number).started_at is None
    gates = {str(gate.kind): gate.message for gate in owner.get_deployment_gates(number).gates}
    assert "The books are being closed." in gates["freeze"]

    owner.lift_freeze(str(freeze.id), LiftBody(reason="They are closed."))

    assert wait_for(owner, number).status is SUCCEEDED


def test_simulated_failure_fails_and_frees_the_lane(owner: Gatepost) -> None:
    """The deployment fails, and the next one in the lane succeeds."""
    register_service(owner, "failing", *VERSIONS)
    use_simulated_executor(owner, "failing", outcome=SimulatedOutcome.FAIL)
    (first,) = request_deployments(owner, "failing", VERSIONS[0])
    assert wait_for(owner, first).status is FAILED
    assert "set to fail" in last_event_note(owner, first)

    use_simulated_executor(owner, "failing")
    (second,) = request_deployments(owner, "failing", VERSIONS[1])

    assert wait_for(owner, second).status is SUCCEEDED


def test_hanging_rollout_fails_at_its_deadline(owner: Gatepost) -> None:
    """A rollout that exceeds its deadline fails, and the last event names the deadline."""
    register_service(owner, "dawdling", *VERSIONS)
    use_simulated_executor(owner, "dawdling", duration_s=60, deadline_s=1)

    (number,) = request_deployments(owner, "dawdling", VERSIONS[0])

    assert wait_for(owner, number, within_s=10).status is FAILED
    assert "deadline" in last_event_note(owner, number)


HOSTILE = {
    "hanging": ("{target}/hanging", "did not respond within 2 s"),
    "endless": ("{target}/endless", "more than 1024 KiB"),
    "broken-json": ("{target}/broken-json", "invalid JSON"),
    "deep-json": ("{target}/deep-json", "invalid JSON"),
    "not-http": ("{target}/not-http", "HTTP"),
    "truncated": ("{target}/cut-short", "cut-short"),
    "redirect": ("{target}/elsewhere", "returned 302, expected 200"),
    "no-server": ("http://127.0.0.1:9/", "127.0.0.1"),
    "no-such-name": ("http://no-such-host.invalid/", "no-such-host.invalid"),
    "metadata": ("http://169.254.169.254/latest/meta-data", "169.254.169.254"),
    "metadata-mapped": ("http://[::ffff:169.254.169.254]/", "169.254.169.254"),
    "metadata-decimal": ("http://2852039166/", "2852039166"),
    "private-network": ("http://10.0.0.1/", "outgoing_allow in the policy of test"),
    "loopback-v6": ("http://[::1]/", "outgoing_allow in the policy of test"),
}
"""For each hostile target, the URL of its check and a part of the expected reason."""


def test_every_hostile_target_fails_its_check_with_a_reason(owner: Gatepost) -> None:
    """No deployment stays started because its target is unreachable, hangs or is malformed."""
    with hostile_target() as target:
        numbers = {}
        for name, (url, _) in HOSTILE.items():
            base, _, path = url.format(target=target).rpartition("/")
            register_service(owner, f"at-{name}", VERSIONS[0])
            expected = TargetCheckBodyExpectJson.from_dict({"/status": "ok"})
            check = a_check("look", f"/{path}", expect_json=expected)
            use_simulated_executor(owner, f"at-{name}", base_url=base, checks=[check])
            (numbers[name],) = request_deployments(owner, f"at-{name}", VERSIONS[0])
        deployments = {name: wait_for(owner, number) for name, number in numbers.items()}
        notes = {name: last_event_note(owner, number) for name, number in numbers.items()}

    statuses = {name: deployment.status for name, deployment in deployments.items()}
    assert statuses == dict.fromkeys(HOSTILE, FAILED)
    for name, (_, reason) in HOSTILE.items():
        assert notes[name].startswith("Check look "), name
        assert reason in notes[name], (name, notes[name])
        assert len(notes[name]) < 500, name


def claim_task(workers: Gatepost, worker: str, *, wait_s: int = 0) -> Task:
    """Claim a task as a worker, with a lease of one second."""
    task = workers.claim_task(ClaimCreate(worker=worker, lease_s=1, wait_s=wait_s))
    assert isinstance(task, Task)
    return task


def test_report_of_a_worker_that_lost_its_claim_is_refused(tmp_path: Path) -> None:
    """The response is 409 `claim_lost`.

    Only the outcome reported by the worker that took over is recorded.
    """
    with (
        ServerProcess(tmp_path / "data") as server,
        Gatepost(server.url, token=server.token) as owner,
        Gatepost(server.url, token=server.worker_token) as workers,
    ):
        register_service(owner, "shop", *VERSIONS)
        (number,) = request_deployments(owner, "shop", VERSIONS[0])
        stale = claim_task(workers, "paris-1")
        current = claim_task(workers, "paris-2", wait_s=10)
        assert (current.deployment.number, current.deployment.execution) != (number, None)
        assert current.deployment.build_id == stale.deployment.build_id
        before = owner.get_deployment(number).to_dict()

        with pytest.raises(GatepostProblem) as refused:
            workers.finish_claim(str(stale.id), finish_body(stale, Ending.FAILED, "It broke."))

        assert (refused.value.status, refused.value.code) == (409, "claim_lost")
        assert owner.get_deployment(number).to_dict() == before
        workers.finish_claim(str(current.id), finish_body(current, Ending.SUCCEEDED))
        with pytest.raises(GatepostProblem) as refused_again:
            workers.finish_claim(str(stale.id), finish_body(stale, Ending.FAILED, "It broke."))
        events = owner.list_deployment_events(number).items

    assert refused_again.value.code == "claim_lost"
    assert [event.kind for event in events][-3:] == [
        EventKind.STARTED,
        EventKind.TAKEN_OVER,
        EventKind.SUCCEEDED,
    ]
    assert events[-1].actor == "worker:paris-2"


def finish_body(task: Task, outcome: Ending, note: str | None = None) -> FinishBody:
    return FinishBody(fencing_token=task.fencing_token, outcome=outcome, note=note)
