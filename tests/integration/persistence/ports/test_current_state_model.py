"""Any history, told in any order: what stands beside a model that plays it in order of time."""

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
from gatepost_domain.event import find_chain_break
from gatepost_domain.status import Action, Status
from gatepost_persistence.sqlite.ledger import SqliteLedger, read_events_of_file
from gatepost_persistence.sqlite.verification import find_differences_in_file
from tests.support.acting import perform_action, request_deployment
from tests.support.builders import create_catalog
from tests.support.ledgers import AnyLedger
from tests.support.memory.ledger import InMemoryLedger
from tests.support.tracking import (
    ENVIRONMENTS,
    create_record,
    current_versions,
    hide_deployment,
    history_row,
    import_rows,
    minutes_after_noon,
    retire_lane,
)

Lane: TypeAlias = tuple[str, str]
LANES: Sequence[Lane] = [("shop", "development"), ("shop", "test"), ("cart", "test")]
END = 12
"""The minute in which everything has been told."""


files = count()
"""Each example has a file of its own."""


@dataclass(frozen=True, kw_only=True)
class Deploy:
    """Something is asked for, started, and succeeds at a minute."""

    lane: Lane
    at: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """Something is told to have happened at a minute."""

    lane: Lane
    at: int


@dataclass(frozen=True, kw_only=True)
class Import:
    """Much is told to have happened."""

    rows: Sequence[tuple[Lane, int]]


@dataclass(frozen=True, kw_only=True)
class End:
    """What came as the nth is rolled back at a minute or, where it was only told, hidden."""

    nth: int
    at: int


@dataclass(frozen=True, kw_only=True)
class Retire:
    """A lane is retired from a minute on."""

    lane: Lane
    at: int


Step: TypeAlias = Deploy | Record | Import | End | Retire

lanes, times = st.sampled_from(LANES), st.integers(0, END)
steps: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(Deploy, lane=lanes, at=times),
        st.builds(Record, lane=lanes, at=times),
        st.builds(Import, rows=st.lists(st.tuples(lanes, times), min_size=1, max_size=4)),
        st.builds(End, nth=st.integers(0, 9), at=times),
        st.builds(Retire, lane=lanes, at=times),
    ),
    max_size=14,
)


@dataclass
class Fact:
    """What the model knows of one deployment; its number is its place."""

    lane: Lane
    at: int
    told: bool
    back: int | None = None
    hidden: bool = False


@dataclass
class Model:
    """What happened, and how it is played."""

    facts: list[Fact] = field(default_factory=list)
    retired: list[tuple[Lane, int]] = field(default_factory=list)

    def standing(self, at: int) -> dict[Lane, int]:
        """The number of what stood in each lane at a minute."""
        happened = [(f.at, 0, n, f.lane) for n, f in enumerate(self.facts, 1) if not f.hidden]
        happened += [
            (max(f.at, f.back), 1, n, f.lane)
            for n, f in enumerate(self.facts, 1)
            if f.back is not None
        ]
        happened += [(when, 1, 0, lane) for lane, when in self.retired]
        stacks: dict[Lane, list[int]] = {lane: [] for lane in LANES}
        for when, ends, number, lane in sorted(happened):
            if when > at:
                break
            if not ends:
                stacks[lane].append(number)
            elif number == 0:
                stacks[lane].clear()
            elif number in stacks[lane]:
                stacks[lane].remove(number)
        return {lane: stack[-1] for lane, stack in stacks.items() if stack}


async def play(ledger: AnyLedger, steps: Sequence[Step]) -> Model:
    """Take every step, in the ledger and in the model."""
    await create_catalog(ledger, services=["shop", "cart"], versions=["1"], policies=ENVIRONMENTS)
    model = Model()
    for step in steps:
        match step:
            case Deploy(lane=lane, at=at):
                asked = await request_deployment(
                    ledger, service=lane[0], environment=lane[1], version="1"
                )
                await perform_action(ledger, Action.START, asked.id)
                await perform_action(ledger, Action.SUCCEED, asked.id, at=minutes_after_noon(at))
                model.facts.append(Fact(lane=lane, at=at, told=False))
            case Record(lane=(service, environment), at=at):
                where = {"service": service, "environment": environment, "version": "1"}
                await create_record(
                    ledger, deployed_at=minutes_after_noon(at), at=minutes_after_noon(END), **where
                )
                model.facts.append(Fact(lane=step.lane, at=at, told=True))
            case Import(rows=told):
                rows = [
                    history_row(
                        n,
                        service=lane[0],
                        environment=lane[1],
                        version="1",
                        deployed_at=minutes_after_noon(at),
                    )
                    for n, (lane, at) in enumerate(told)
                ]
                await import_rows(ledger, rows, at=minutes_after_noon(END))
                model.facts += [Fact(lane=lane, at=at, told=True) for lane, at in told]
            case End(nth=nth, at=at):
                await end(ledger, model, nth, at)
            case Retire(lane=lane, at=at):
                try:
                    await retire_lane(
                        ledger, *lane, now=minutes_after_noon(END), at=minutes_after_noon(at)
                    )
                except NotFound:
                    assert all(fact.lane != lane for fact in model.facts)
                else:
                    model.retired.append((lane, at))
    return model


async def end(ledger: AnyLedger, model: Model, nth: int, at: int) -> None:
    """Undo what came as the nth, if it is not undone yet."""
    if not model.facts:
        return
    number = nth % len(model.facts) + 1
    fact = model.facts[number - 1]
    if fact.told:
        await hide_deployment(ledger, number, at=minutes_after_noon(at))
        fact.hidden = True
    elif (await ledger.reads.deployment(number)).status is Status.SUCCEEDED:
        await perform_action(ledger, Action.ROLLBACK, number, at=minutes_after_noon(at))
        fact.back = at


async def check(ledger: AnyLedger, model: Model) -> None:
    """The ledger tells what the model tells, now and in every minute."""
    found = {lane: number for lane, (_, number) in (await current_versions(ledger)).items()}
    assert found == model.standing(END)
    for at in range(-1, END + 1):
        stood = await current_versions(ledger, minutes_after_noon(at))
        assert {lane: number for lane, (_, number) in stood.items()} == model.standing(at)


@given(steps)
@settings(max_examples=150)
def test_in_memory_what_stands_is_what_happened(steps: list[Step]) -> None:
    """Now and at every instant, whatever was told late, hidden, rolled back or retired."""

    async def run() -> None:
        ledger = InMemoryLedger()
        await check(ledger, await play(ledger, steps))

    asyncio.run(run())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model")


def test_in_a_file_what_stands_is_what_happened(empty_file: Path, place: Path) -> None:
    """The same, and a recount from the events finds nothing that differs."""

    @given(steps)
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def run(steps: list[Step]) -> None:
        path = place / f"{next(files)}.db"
        shutil.copyfile(empty_file, path)

        async def play_and_check() -> None:
            ledger = await SqliteLedger.open(path)
            await check(ledger, await play(ledger, steps))
            await ledger.close()

        asyncio.run(play_and_check())
        assert find_chain_break(read_events_of_file(path)) is None
        assert list(find_differences_in_file(path)) == []

    run()
