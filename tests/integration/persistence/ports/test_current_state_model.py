"""The current state matches a model that replays the same history in order of time."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatepost_domain.errors import NotFound
from gatepost_domain.status_transitions import Action, Status
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.tracking import (
    ENVIRONMENTS,
    create_record,
    current_versions,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    retire_lane,
)
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import AnyLedger
from tests.support.storage.sqlite_files import find_faults_in_file, find_log_faults

Lane: TypeAlias = tuple[str, str]
LANES: Sequence[Lane] = [("shop", "development"), ("shop", "test"), ("cart", "test")]
END = 12
"""The minute at which everything has been recorded."""


files = count()
"""Each example has its own file."""


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """A deployment that is requested, started, and succeeds at a minute."""

    lane: Lane
    at: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record of a deployment at a minute."""

    lane: Lane
    at: int


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import of several records."""

    rows: Sequence[tuple[Lane, int]]


@dataclass(frozen=True, kw_only=True)
class Revert:
    """A rollback of the nth deployment at a minute; a record is hidden instead."""

    nth: int
    at: int


@dataclass(frozen=True, kw_only=True)
class Retire:
    """The retirement of a lane from a minute on."""

    lane: Lane
    at: int


Operation: TypeAlias = Deploy | Record | Import | Revert | Retire

lanes, times = st.sampled_from(LANES), st.integers(0, END)
operations: st.SearchStrategy[list[Operation]] = st.lists(
    st.one_of(
        st.builds(Deploy, lane=lanes, at=times),
        st.builds(Record, lane=lanes, at=times),
        st.builds(Import, rows=st.lists(st.tuples(lanes, times), min_size=1, max_size=4)),
        st.builds(Revert, nth=st.integers(0, 9), at=times),
        st.builds(Retire, lane=lanes, at=times),
    ),
    max_size=14,
)


@dataclass
class ModelDeployment:
    """What the model knows about a deployment; its index in the model gives its number."""

    lane: Lane
    at: int
    recorded: bool
    rolled_back_at: int | None = None
    hidden: bool = False


@dataclass
class Model:
    """The deployments and retirements, and how they are replayed."""

    deployments: list[ModelDeployment] = field(default_factory=list)
    retired: list[tuple[Lane, int]] = field(default_factory=list)

    def current(self, at: int) -> dict[Lane, int]:
        """Return the number of the current deployment of each lane at a minute."""
        events = [
            (deployment.at, 0, number, deployment.lane)
            for number, deployment in enumerate(self.deployments, 1)
            if not deployment.hidden
        ]
        events += [
            (max(deployment.at, deployment.rolled_back_at), 1, number, deployment.lane)
            for number, deployment in enumerate(self.deployments, 1)
            if deployment.rolled_back_at is not None
        ]
        events += [(minute, 1, 0, lane) for lane, minute in self.retired]
        stacks: dict[Lane, list[int]] = {lane: [] for lane in LANES}
        for minute, is_end, number, lane in sorted(events):
            if minute > at:
                break
            if not is_end:
                stacks[lane].append(number)
            elif number == 0:
                stacks[lane].clear()
            elif number in stacks[lane]:
                stacks[lane].remove(number)
        return {lane: stack[-1] for lane, stack in stacks.items() if stack}


async def apply_operations(ledger: AnyLedger, operations: Sequence[Operation]) -> Model:
    """Apply every operation to the ledger and to the model."""
    await create_catalog(ledger, services=["shop", "cart"], versions=["1"], policies=ENVIRONMENTS)
    model = Model()
    for operation in operations:
        match operation:
            case Deploy(lane=lane, at=at):
                requested = await request_deployment(
                    ledger, service=lane[0], environment=lane[1], version="1"
                )
                await perform_action(ledger, Action.START, requested.id)
                await perform_action(
                    ledger, Action.SUCCEED, requested.id, at=minutes_after_noon(at)
                )
                model.deployments.append(ModelDeployment(lane=lane, at=at, recorded=False))
            case Record(lane=(service, environment), at=at):
                fields = {"service": service, "environment": environment, "version": "1"}
                await create_record(
                    ledger, deployed_at=minutes_after_noon(at), at=minutes_after_noon(END), **fields
                )
                model.deployments.append(ModelDeployment(lane=operation.lane, at=at, recorded=True))
            case Import(rows=records):
                rows = [
                    history_row(
                        number,
                        service=lane[0],
                        environment=lane[1],
                        version="1",
                        deployed_at=minutes_after_noon(at),
                        external_id=f"{number}",
                    )
                    for number, (lane, at) in enumerate(records, len(model.deployments) + 1)
                ]
                await import_rows(ledger, rows, at=minutes_after_noon(END))
                model.deployments += [
                    ModelDeployment(lane=lane, at=at, recorded=True) for lane, at in records
                ]
            case Revert(nth=nth, at=at):
                await revert(ledger, model, nth, at)
            case Retire(lane=lane, at=at):
                try:
                    await retire_lane(
                        ledger, *lane, now=minutes_after_noon(END), at=minutes_after_noon(at)
                    )
                except NotFound:
                    assert all(deployment.lane != lane for deployment in model.deployments)
                else:
                    model.retired.append((lane, at))
    return model


async def revert(ledger: AnyLedger, model: Model, nth: int, at: int) -> None:
    """Roll back or hide the nth deployment, unless this was done before."""
    if not model.deployments:
        return
    number = nth % len(model.deployments) + 1
    deployment = model.deployments[number - 1]
    if deployment.recorded:
        await hide_deployment(ledger, number, at=minutes_after_noon(at))
        deployment.hidden = True
    elif (await ledger.reads.deployment(number)).status is Status.SUCCEEDED:
        await perform_action(ledger, Action.ROLLBACK, number, at=minutes_after_noon(at))
        deployment.rolled_back_at = at


async def check(ledger: AnyLedger, model: Model) -> None:
    """Assert that the ledger and the model agree, now and at every minute."""
    cells = await current_versions(ledger)
    assert {lane: number for lane, (_, number) in cells.items()} == model.current(END)
    for at in range(-1, END + 1):
        cells = await current_versions(ledger, minutes_after_noon(at))
        assert {lane: number for lane, (_, number) in cells.items()} == model.current(at)


@given(operations)
@settings(max_examples=150)
def test_current_state_in_memory_matches_the_model(operations: list[Operation]) -> None:
    """The states match at all times, with late records, hiding, rollbacks and retirements."""

    async def run() -> None:
        ledger = InMemoryLedger()
        await check(ledger, await apply_operations(ledger, operations))

    asyncio.run(run())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


def test_current_state_in_sqlite_matches_the_model(empty_file: Path, folder: Path) -> None:
    """The states match at all times, and verification finds no difference either."""

    @given(operations)
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def run(operations: list[Operation]) -> None:
        path = folder / f"{next(files)}.db"
        shutil.copyfile(empty_file, path)

        async def play_and_check() -> None:
            ledger = await SqliteLedger.open(path)
            await check(ledger, await apply_operations(ledger, operations))
            await ledger.close()

        asyncio.run(play_and_check())
        assert find_log_faults(path) == []
        assert find_faults_in_file(path) == []

    run()
