"""The number of deployments that wait to start, by lane and by requester."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.errors.requests import TooManyOpenRequests
from gatepost_domain.event import EventKind
from gatepost_domain.status_transitions import Action
from tests.support.builders import a_policy, a_stage, a_user, an_event, create_catalog
from tests.support.domain.actions import perform_action, request_deployment
from tests.support.storage.ledgers import AnyLedger


async def counts(ledger: AnyLedger, names: tuple[str, ...] = ("ada",)) -> tuple[int, int]:
    """Return the numbers for shop in production, and for ada in production, by these names."""
    return await ledger.reads.read_snapshot(
        lambda uow: (
            sum(
                uow.deployments.has_waiting_in_lane("shop", "production", at_least=number)
                for number in range(1, 10)
            ),
            sum(
                uow.deployments.has_waiting_of_requester(names, "production", at_least=number)
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


async def test_requests_under_a_former_name_are_counted(ledger: AnyLedger) -> None:
    """A migration gave some users other names, under which they request now."""
    await create_catalog(ledger)
    for requester in ("ada", "Ada L", "bo"):
        await request_deployment(ledger, requester=requester)

    assert await counts(ledger, ("ada", "Ada L")) == (3, 2)


@pytest.mark.parametrize("ending", [Action.REJECT, Action.CANCEL])
async def test_ended_deployments_are_not_counted(ledger: AnyLedger, ending: Action) -> None:
    """Only deployments that can still start count."""
    await create_catalog(ledger)
    deployment = await request_deployment(ledger)

    await perform_action(ledger, ending, deployment.id, "quinn")

    assert await counts(ledger) == (0, 0)


async def test_limit_includes_requests_under_a_former_name(ledger: AnyLedger) -> None:
    """Otherwise, an upgrade that renamed a user would have doubled the limit."""
    policy = a_policy(a_stage("qa"), max_open_per_requester=1)
    await create_catalog(ledger, policies={"production": (Tier.PRODUCTION, policy)})
    await request_deployment(ledger, requester="Zo\u00eb")
    zoe = replace(a_user("zo-"), human="zo\u00eb", former_name="Zo\u00eb")
    await ledger.perform(lambda uow: uow.users.add(zoe, an_event(EventKind.USER_ADDED)))

    with pytest.raises(TooManyOpenRequests):
        await request_deployment(ledger, requester="zo-")
    await request_deployment(ledger, requester="ada")
