"""Requesting check runs."""

from functools import partial

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.actions.catalog.update import change_environment, change_service
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.service import ServiceChange
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS
from gatepost_domain.check_runs.check_run import CheckRunState
from gatepost_domain.check_runs.errors import CheckRunOpen, NoChecks
from gatepost_domain.errors import NotFound, ResourceArchived
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import a_command, an_actor
from tests.support.domain.actions import all_entries
from tests.support.domain.check_runs import (
    a_result,
    finish_checks,
    put_checks,
    request_checks,
    require_claimed,
)
from tests.support.domain.promotion import all_deployments, last_event
from tests.support.domain.worker_environments import worker_ledger


async def test_requested_run_waits_for_a_worker() -> None:
    """It has the current version of the target's settings, and one event records it."""
    ledger = await worker_ledger()
    await put_checks(ledger)
    await put_checks(ledger)
    before = len(await all_entries(ledger))

    run = await request_checks(ledger)

    assert (run.state, run.requested_by, run.target_version) == (CheckRunState.QUEUED, "olga", 2)
    assert await ledger.check_run(run.id) == run
    assert len(await all_entries(ledger)) == before + 1
    event = await last_event(ledger)
    assert (event.kind, event.actor) == (EventKind.CHECK_RUN_REQUESTED, "olga")
    assert event.data == {
        "check_run": str(run.id),
        "service": "shop",
        "environment": "test",
        "target_version": 2,
    }
    assert await all_deployments(ledger) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR}))
async def test_running_checks_requires_the_operator_role(role: Role) -> None:
    """The request is refused, and the attempt is recorded."""
    ledger = await worker_ledger()
    await put_checks(ledger)

    with pytest.raises(Forbidden):
        await request_checks(ledger, by=an_actor("mo", roles=[role]))

    assert (await last_event(ledger)).kind is EventKind.ACCESS_DENIED


async def test_operator_of_another_environment_cannot_run_checks() -> None:
    """The role counts only where it is granted."""
    ledger = await worker_ledger()
    await put_checks(ledger)
    elsewhere = an_actor("mo", grants=(Grant(role=Role.OPERATOR, environment="farm"),))

    with pytest.raises(Forbidden):
        await request_checks(ledger, by=elsewhere)


async def test_target_without_checks_is_refused_with_the_cure() -> None:
    """Neither a target that was never configured nor one without checks can be checked."""
    ledger = await worker_ledger()

    with pytest.raises(NoChecks, match="Add a base URL and checks"):
        await request_checks(ledger)
    await ledger.perform(
        partial(
            put_target,
            service="shop",
            environment="test",
            settings=DEFAULT_TARGET_SETTINGS,
            command=a_command(),
            revision=None,
        )
    )
    with pytest.raises(NoChecks):
        await request_checks(ledger)


async def test_second_run_of_a_target_waits_for_the_first() -> None:
    """While one is queued or running, another is refused; other targets are independent."""
    ledger = await worker_ledger()
    await put_checks(ledger)
    await put_checks(ledger, target="cart farm")
    first = await request_checks(ledger)

    with pytest.raises(CheckRunOpen, match=f"already queued.*{first.id}"):
        await request_checks(ledger)
    await request_checks(ledger, "cart farm")
    claimed = await require_claimed(ledger)
    with pytest.raises(CheckRunOpen, match="already running"):
        await request_checks(ledger)
    await finish_checks(ledger, claimed.run, a_result("health"))
    second = await request_checks(ledger)

    page = await ledger.check_runs("shop", "test", PageRequest(limit=10))
    assert [run.id for run in page.items] == [second.id, first.id]


async def test_unknown_and_archived_places_are_refused() -> None:
    """What is archived accepts nothing new."""
    ledger = await worker_ledger()
    await put_checks(ledger)
    await put_checks(ledger, target="cart farm")

    with pytest.raises(NotFound):
        await request_checks(ledger, "shop nowhere")
    with pytest.raises(NotFound):
        await request_checks(ledger, "nothing test")
    await ledger.perform(
        partial(
            change_service,
            name="shop",
            change=ServiceChange(archived=True),
            command=a_command(),
            revision=None,
        )
    )
    await ledger.perform(
        partial(
            change_environment,
            name="farm",
            change=EnvironmentChange(archived=True),
            command=a_command(),
            revision=None,
        )
    )
    for target in ("shop test", "cart farm"):
        with pytest.raises(ResourceArchived):
            await request_checks(ledger, target)
