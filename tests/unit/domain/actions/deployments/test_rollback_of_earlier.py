"""Rolling back a deployment after which another one was deployed."""

from gatepost_domain.status_transitions import Status
from tests.support.builders import QA_THEN_DEVOPS
from tests.support.domain.actions import all_entries
from tests.support.domain.gates import LATER
from tests.support.domain.promotion import (
    all_deployments,
    deploy,
    get_block,
    promotion_ledger,
    roll_back,
)


async def test_rollback_of_what_is_no_longer_live_redeploys_nothing() -> None:
    """The deployment is marked and its version blocked, and the event says why nothing else is."""
    ledger = await promotion_ledger(production=QA_THEN_DEVOPS)
    await deploy(ledger)
    bad = await deploy(ledger, version="2.0.0", at=LATER)
    live = await deploy(ledger, version="3.0.0", at=LATER)

    marked = await roll_back(ledger, bad.id, at=LATER)

    assert (marked.status, marked.rolled_back_by) == (Status.ROLLED_BACK, None)
    assert (await all_deployments(ledger))[-1].id == live.id
    assert await get_block(ledger, "2.0.0") is not None
    rolled_back = (await all_entries(ledger))[-2].event
    assert rolled_back.data == {
        "not_redeployed": "DEP-3 came after this deployment, so nothing is redeployed."
    }
