"""Migration to revision 0023: environments keep that they were in production."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from gatepost_domain.actions.catalog.update import change_environment
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.review import has_waived_production_review
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.status_transitions import Action
from gatepost_persistence.sqlite.ledger import SqliteLedger
from tests.support.builders import a_command, a_policy, create_catalog
from tests.support.domain.actions import all_events, perform_action, request_deployment
from tests.support.storage.old_databases import create_old_file, rows_of_file
from tests.support.storage.sqlite_files import find_faults_in_file

BEFORE = "0022"
POLICIES = {
    "live": (Tier.PRODUCTION, a_policy()),
    "lowered": (Tier.PRODUCTION, a_policy()),
    "for-a-moment": (Tier.TEST, a_policy()),
    "below": (Tier.STAGING, a_policy()),
}


async def change_tier(ledger: SqliteLedger, name: str, tier: Tier) -> None:
    change = EnvironmentChange(tier=tier)
    await ledger.perform(
        partial(change_environment, name=name, change=change, command=a_command(), revision=None)
    )


@pytest.fixture
async def old_file(tmp_path: Path) -> Path:
    """Return a file of the revision before, with a deployment that has started in each tier."""
    scratch, file = tmp_path / "scratch.db", tmp_path / "old.db"
    ledger = await SqliteLedger.open(scratch)
    await create_catalog(ledger, services=("shop", "cart"), policies=POLICIES)
    await change_tier(ledger, "lowered", Tier.TEST)
    for tier in (Tier.PRODUCTION, Tier.TEST):
        await change_tier(ledger, "for-a-moment", tier)
    for environment in POLICIES:
        deployment = await request_deployment(ledger, environment=environment)
        await perform_action(ledger, Action.START, deployment.id)
    await ledger.close()
    create_old_file(file, BEFORE, rows_of_file(scratch, BEFORE))
    return file


async def test_upgrade_finds_who_was_in_production(old_file: Path) -> None:
    """By the tier and by the events; one event records it, and everything is verified."""
    ledger = await SqliteLedger.open(old_file)
    environments = (await ledger.reads.environments(PageRequest(limit=9))).items
    upgraded = (await all_events(ledger.reads))[-1]
    await ledger.close()

    former = {each.name for each in environments if each.was_production}
    assert former == {"live", "lowered", "for-a-moment"}
    assert upgraded.kind == "database_upgraded"
    assert upgraded.data["revision"] == "0023"
    assert set(upgraded.data["production_environments"]) == former  # type: ignore[call-overload]
    assert find_faults_in_file(old_file) == []


async def test_only_later_starts_are_marked(old_file: Path) -> None:
    """What had started before keeps what was recorded then, which was the tier at the request."""
    ledger = await SqliteLedger.open(old_file)
    for number in (2, 3, 4):
        await perform_action(ledger, Action.FAIL, number)
    marks: list[tuple[bool, bool]] = []
    for environment in ("lowered", "for-a-moment", "below"):
        earlier = await ledger.reads.deployment(len(marks) + 2)
        later = await request_deployment(ledger, environment=environment)
        started = await perform_action(ledger, Action.START, later.id)
        marks.append((has_waived_production_review(earlier), has_waived_production_review(started)))
    await ledger.close()

    assert marks == [(False, True), (False, True), (False, False)]
    assert find_faults_in_file(old_file) == []
