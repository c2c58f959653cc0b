"""The next actions of several deployments at once, as lists offer them."""

from __future__ import annotations

from functools import partial

import pytest

from gatepost_domain.actions.deployments.explain import explain_deployment
from gatepost_domain.actions.deployments.next_actions import NextActions, find_next_actions
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.ports.reads import DeploymentFilter
from gatepost_domain.status_transitions import NEXT_ACTIONS, Action, Status
from tests.support.builders import a_command, an_actor, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.domain.lifecycle import ACTIONS_TO_REACH
from tests.support.domain.tracking import ENVIRONMENTS, create_record
from tests.support.memory.ledger import InMemoryLedger


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with a deployment in each status of an operator, and a record."""
    ledger = InMemoryLedger()
    services = ["shop", *(status.replace("_", "-") for status in ACTIONS_TO_REACH)]
    await create_catalog(ledger, services=services, policies=ENVIRONMENTS)
    for status in ACTIONS_TO_REACH:
        if status is not Status.QUEUED:
            requested = await request_deployment(ledger, service=status.replace("_", "-"))
            for index, action in enumerate(ACTIONS_TO_REACH[status]):
                await perform_action(ledger, action, requested.id, f"p{index}")
    await create_record(ledger)
    return ledger


@pytest.mark.parametrize("name", ["ada", "olga", "p0"])
async def test_next_actions_equal_those_of_the_full_explanation(
    ledger: InMemoryLedger, name: str
) -> None:
    """Lists offer the actions of the explanation, and none for records or ended deployments."""
    command = a_command(an_actor(name, groups=["qa"]))
    deployments = (await ledger.reads.deployments(DeploymentFilter(), PageRequest(limit=99))).items

    found = await ledger.reads.read_snapshot(
        lambda uow: find_next_actions(uow, deployments, command)
    )

    expected: dict[int, NextActions] = {}
    for deployment in deployments:
        explanation = await ledger.reads.read_snapshot(
            partial(explain_deployment, reference=deployment.number, command=command)
        )
        if deployment.status in NEXT_ACTIONS:
            expected[deployment.number] = NextActions(
                actions=tuple(
                    availability
                    for availability in explanation.actions
                    if availability.action in NEXT_ACTIONS[deployment.status]
                ),
                open_stage="qa" if deployment.status is Status.PENDING_APPROVAL else None,
            )
    assert found == expected
    assert {Action.APPROVE, Action.START, Action.SUCCEED} <= {
        availability.action for item in found.values() for availability in item.actions
    }
