"""Workers beside a real server: what they do with lanes, freezes and each other's leavings."""

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
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that people only talk to, and two workers for it."""
    with (
        ServerProcess(tmp_path_factory.mktemp("farm") / "data") as server,
        WorkerProcess(server, "berlin-1"),
        WorkerProcess(server, "berlin-2", "--lease-s=2"),
    ):
        with Gatepost(server.url, token=server.token) as owner:
            allow_loopback_checks(owner)
        yield server


@pytest.fixture
def owner(farm: ServerProcess) -> Iterator[Gatepost]:
    with Gatepost(farm.url, token=farm.token) as client:
        yield client


@pytest.fixture
def slow() -> Iterator[SampleService]:
    """A service whose check holds a rollout up until a test lets it go on."""
    with a_sample_service() as sample:
        sample.answers["GET /go-on"] = lambda _: (503, None)
        yield sample


def held_up(owner: Gatepost, service: str, sample: SampleService) -> None:
    """Make a service known whose rollouts go on when the sample says so."""
    register_service(owner, service, *VERSIONS)
    check = a_check("go-on", "/go-on", attempts=20)
    use_simulated_executor(owner, service, base_url=sample.url, checks=[check])


def go_on(sample: SampleService) -> None:
    sample.answers["GET /go-on"] = lambda _: (200, None)


def make_farm(owner: Gatepost, name: str, *, lane: LaneMode) -> None:
    """Make an environment that workers run, and whose lanes are taken care of in this way."""
    policy = PolicyBody(
        execution=ExecutionMode.WORKER, auto_start=True, lane=lane, outgoing_allow=list(LOOPBACK)
    )
    owner.create_environment(EnvironmentCreate(name=name, tier=Tier.TEST, policy=policy))


def ask(owner: Gatepost, service: str, *versions: str) -> list[str]:
    """Ask for these versions one after the other; their numbers."""
    return [owner.create_deployment(deployment_create(service, each)).number for each in versions]


def test_what_waits_in_a_queue_is_carried_out_in_its_order(
    owner: Gatepost, slow: SampleService
) -> None:
    """One at a time, though two workers have room for more."""
    held_up(owner, "queueing", slow)
    first, second, third = ask(owner, "queueing", *VERSIONS)
    wait_for(owner, first, STARTED)
    assert owner.get_deployment(second).status is QUEUED

    go_on(slow)
    done = [wait_for(owner, number) for number in (first, second, third)]

    assert [each.status for each in done] == [SUCCEEDED] * 3
    spans = [instant for each in done for instant in (each.started_at, each.finished_at) if instant]
    assert len(spans) == 6
    assert spans == sorted(spans)


def test_what_is_newer_supersedes_what_waits(owner: Gatepost, slow: SampleService) -> None:
    """What has started ends as it would; of what waited only the newest is carried out."""
    make_farm(owner, "superseding", lane=LaneMode.SUPERSEDE)
    register_service(owner, "superseding", *VERSIONS)
    check = a_check("go-on", "/go-on", attempts=20)
    use_simulated_executor(owner, "superseding", "superseding", base_url=slow.url, checks=[check])
    numbers = []
    for version in VERSIONS:
        request = deployment_create("superseding", version, "superseding")
        numbers.append(owner.create_deployment(request).number)
        wait_for(owner, numbers[0], STARTED, SUCCEEDED)

    go_on(slow)
    first, second, third = (wait_for(owner, number) for number in numbers)

    assert (first.status, third.status) == (SUCCEEDED, SUCCEEDED)
    assert second.status is DeploymentStatus.CANCELLED
    assert second.cancel_reason is CancelReason.SUPERSEDED
    assert second.superseded_by == third.id


def test_a_busy_lane_that_rejects_takes_nothing_into_its_queue(
    owner: Gatepost, slow: SampleService
) -> None:
    """What comes meanwhile stays approved; it goes on once the lane is free."""
    make_farm(owner, "rejecting", lane=LaneMode.REJECT)
    register_service(owner, "rejecting", *VERSIONS)
    check = a_check("go-on", "/go-on", attempts=20)
    use_simulated_executor(owner, "rejecting", "rejecting", base_url=slow.url, checks=[check])
    first = owner.create_deployment(deployment_create("rejecting", VERSIONS[0], "rejecting")).number
    wait_for(owner, first, STARTED)

    second = owner.create_deployment(deployment_create("rejecting", VERSIONS[1], "rejecting"))
    assert second.status is DeploymentStatus.APPROVED
    with pytest.raises(GatepostProblem) as refused:
        owner.start_deployment(second.number)
    assert refused.value.status == 409

    go_on(slow)
    assert wait_for(owner, first).status is SUCCEEDED
    assert wait_for(owner, second.number).status is SUCCEEDED


def test_a_freeze_holds_what_is_queued_and_releases_it(owner: Gatepost) -> None:
    """Workers have room all the while; who looks sees what it waits for."""
    register_service(owner, "freezing", *VERSIONS)
    use_simulated_executor(owner, "freezing")
    scope = FreezeScopeBody(service="freezing")
    freeze = owner.impose_freeze(FreezeCreate(scope=scope, reason="The books are being closed."))
    (number,) = ask(owner, "freezing", VERSIONS[0])
    time.sleep(1.5)  # longer than any of them takes to look again
    assert owner.get_deployment(number).status is not STARTED
    assert owner.get_deployment(number).started_at is None
    gates = {str(gate.kind): gate.message for gate in owner.get_deployment_gates(number).gates}
    assert "The books are being closed." in gates["freeze"]

    owner.lift_freeze(str(freeze.id), LiftBody(reason="They are closed."))

    assert wait_for(owner, number).status is SUCCEEDED


def test_a_simulated_failure_fails(owner: Gatepost) -> None:
    """And the lane goes on with what is next."""
    register_service(owner, "failing", *VERSIONS)
    use_simulated_executor(owner, "failing", outcome=SimulatedOutcome.FAIL)
    (first,) = ask(owner, "failing", VERSIONS[0])
    assert wait_for(owner, first).status is FAILED
    assert "set to fail" in last_event_note(owner, first)

    use_simulated_executor(owner, "failing")
    (second,) = ask(owner, "failing", VERSIONS[1])

    assert wait_for(owner, second).status is SUCCEEDED


def test_what_hangs_ends_at_its_deadline(owner: Gatepost) -> None:
    """Whatever it is that hangs; the note says so."""
    register_service(owner, "dawdling", *VERSIONS)
    use_simulated_executor(owner, "dawdling", duration_s=60, deadline_s=1)

    (number,) = ask(owner, "dawdling", VERSIONS[0])

    assert wait_for(owner, number, within_s=10).status is FAILED
    assert "deadline" in last_event_note(owner, number)


HOSTILE = {
    "hanging": ("{target}/hanging", "did not respond within 2 s"),
    "endless": ("{target}/endless", "more than 1024 KiB"),
    "broken-json": ("{target}/broken-json", "invalid JSON"),
    "deep-json": ("{target}/deep-json", "invalid JSON"),
    "not-http": ("{target}/not-http", "HTTP"),
    "cut-short": ("{target}/cut-short", "cut-short"),
    "elsewhere": ("{target}/elsewhere", "returned 302, expected 200"),
    "nobody": ("http://127.0.0.1:9/", "127.0.0.1"),
    "no-such-name": ("http://no-such-host.invalid/", "no-such-host.invalid"),
    "metadata": ("http://169.254.169.254/latest/meta-data", "169.254.169.254"),
    "metadata-mapped": ("http://[::ffff:169.254.169.254]/", "169.254.169.254"),
    "metadata-as-number": ("http://2852039166/", "2852039166"),
    "inside": ("http://10.0.0.1/", "outgoing_allow in the policy of test"),
    "loopback-v6": ("http://[::1]/", "outgoing_allow in the policy of test"),
}
"""Where a check is sent, and words of why it did not pass."""


def test_whatever_a_target_does_is_a_failed_check_with_a_sentence(owner: Gatepost) -> None:
    """Unreachable, hanging, hostile, endless or broken: no deployment is ever stuck by it."""
    with hostile_target() as target:
        numbers = {}
        for name, (url, _) in HOSTILE.items():
            base, _, path = url.format(target=target).rpartition("/")
            register_service(owner, f"at-{name}", VERSIONS[0])
            anything = TargetCheckBodyExpectJson.from_dict({"/status": "ok"})
            check = a_check("look", f"/{path}", expect_json=anything)
            use_simulated_executor(owner, f"at-{name}", base_url=base, checks=[check])
            (numbers[name],) = ask(owner, f"at-{name}", VERSIONS[0])
        ended = {name: wait_for(owner, number) for name, number in numbers.items()}
        notes = {name: last_event_note(owner, number) for name, number in numbers.items()}

    assert {name: each.status for name, each in ended.items()} == dict.fromkeys(HOSTILE, FAILED)
    for name, (_, words) in HOSTILE.items():
        assert notes[name].startswith("Check look "), name
        assert words in notes[name], (name, notes[name])
        assert len(notes[name]) < 500, name


def taken(crew: Gatepost, worker: str, *, wait_s: int = 0) -> Task:
    """What a worker that is played by hand is given, on a lease of a second."""
    task = crew.claim_task(ClaimCreate(worker=worker, lease_s=1, wait_s=wait_s))
    assert task is not None
    return task


def test_a_stale_workers_end_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """409 once another has taken over; the deployment ends as that one says, and once."""
    with (
        ServerProcess(tmp_path / "data") as server,
        Gatepost(server.url, token=server.token) as owner,
        Gatepost(server.url, token=server.worker_token) as crew,
    ):
        register_service(owner, "shop", *VERSIONS)
        (number,) = ask(owner, "shop", VERSIONS[0])
        stale = taken(crew, "paris-1")
        current = taken(crew, "paris-2", wait_s=10)
        assert (current.deployment.number, current.deployment.execution) != (number, None)
        assert current.deployment.build_id == stale.deployment.build_id
        before = owner.get_deployment(number).to_dict()

        with pytest.raises(GatepostProblem) as refused:
            crew.finish_claim(str(stale.id), the_end(stale, Ending.FAILED, "It broke."))

        assert (refused.value.status, refused.value.code) == (409, "claim_lost")
        assert owner.get_deployment(number).to_dict() == before
        crew.finish_claim(str(current.id), the_end(current, Ending.SUCCEEDED))
        with pytest.raises(GatepostProblem) as again:
            crew.finish_claim(str(stale.id), the_end(stale, Ending.FAILED, "It broke."))
        events = owner.list_deployment_events(number).items

    assert again.value.code == "claim_lost"
    assert [event.kind for event in events][-3:] == [
        EventKind.STARTED,
        EventKind.TAKEN_OVER,
        EventKind.SUCCEEDED,
    ]
    assert events[-1].actor == "worker:paris-2"


def the_end(task: Task, outcome: Ending, note: str | None = None) -> FinishBody:
    return FinishBody(fencing_token=task.fencing_token, outcome=outcome, note=note)
