"""The number of deployments that wait to start, by lane and by requester."""

from __future__ import annotations

import pytest

from gatepost_domain.status import Action
from tests.support.builders import create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.storage.ledgers import AnyLedger


async def counts(ledger: AnyLedger) -> tuple[int, int]:
    """Return the numbers for shop in production, and for ada in production."""
    return await ledger.reads.read_snapshot(
        lambda uow: (
            sum(
                uow.deployments.has_waiting_in_lane("shop", "production", at_least=number)
                for number in range(1, 10)
            ),
            sum(
                uow.deployments.has_waiting_of_requester("ada", "production", at_least=number)
                for number in range(1, 10)
            ),
        )
    )


async def test_waiting_deployments_are_counted(ledger: AnyLedger) -> None:
    """Those of other lanes, requesters and environments are not included."""
    await create_catalog(ledger, services=("shop", "cart"))
    assert await counts(ledger) == (0, 0)
    for service, requester in (("shop", "ada"), ("shop", "bo"), ("cart", "ada"), ("shop", "ada")):
        await request_deployment(ledger, service=service, requester=requester)

    assert await counts(ledger) == (3, 3)


@pytest.mark.parametrize("ending", [Action.REJECT, Action.CANCEL])
async def test_ended_deployments_are_not_counted(ledger: AnyLedger, ending: Action) -> None:
    """Only deployments that can still start count."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)

    await perform_action(ledger, ending, deployment.id, "quinn")

    assert await counts(ledger) == (0, 0)
