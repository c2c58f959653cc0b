"""Changing policies."""

from dataclasses import asdict

import pytest

from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.catalog import policies
from gatepost_domain.catalog.policy import ApprovalRule, Policy
from gatepost_domain.errors import NotFound, StaleRevision, ValidationFailed
from gatepost_domain.event import EventKind
from tests.support.builders import (
    QA_THEN_DEVOPS,
    a_command,
    a_policy,
    a_stage,
    a_user,
    an_event,
    create_catalog,
)
from tests.support.domain.actions import all_entries
from tests.support.memory.ledger import InMemoryLedger

OWNER = a_command("owner", note="As agreed.")
QUINN = a_user("quinn", grants=(Grant(role=Role.REVIEWER),), groups=("qa",))
IMPOSSIBLE = a_policy(a_stage("qa", ApprovalRule(required=0)))


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with shop 1.0.0, production and development."""
    known = InMemoryLedger()
    await create_catalog(known)
    return known


async def test_policy_of_an_unknown_environment_cannot_be_changed(
    ledger: InMemoryLedger,
) -> None:
    """The change is refused because the environment does not exist."""
    with pytest.raises(NotFound) as refusal:
        await ledger.perform(
            lambda uow: policies.change_policy(uow, "nowhere", Policy(), OWNER, expected=None)
        )

    assert refusal.value.code == "unknown_environment"


async def test_policy_change_with_an_old_version_is_stale(ledger: InMemoryLedger) -> None:
    """A change based on an outdated version is refused, so it overwrites no other change."""
    await changed(ledger, a_policy(), expected=1)

    with pytest.raises(StaleRevision) as refusal:
        await changed(ledger, a_policy(a_stage("qa")), expected=1)

    assert (refusal.value.expected, refusal.value.actual) == ({1}, 2)


async def test_impossible_policy_change_is_refused(ledger: InMemoryLedger) -> None:
    """The previous policy version remains in force."""
    with pytest.raises(ValidationFailed):
        await changed(ledger, IMPOSSIBLE, expected=None)

    assert (await ledger.environment("production")).policy_version == 1


@pytest.mark.parametrize("expected", [None, 1])
async def test_changed_policy_is_the_next_version(
    ledger: InMemoryLedger, expected: int | None
) -> None:
    """Earlier policy versions remain readable and unchanged."""
    await ledger.perform(lambda uow: uow.users.add(QUINN, an_event()))
    policy = a_policy(a_stage("qa"))

    version = await changed(ledger, policy, expected=expected)

    assert version == 2
    assert (await ledger.environment("production")).policy_version == 2
    assert [(await ledger.policy("production", version)).policy for version in (1, 2)] == [
        QA_THEN_DEVOPS,
        policy,
    ]
    (*_, last) = await all_entries(ledger)
    assert last.event.kind is EventKind.POLICY_CHANGED
    assert last.event.data == {
        "environment": "production",
        "policy_version": 2,
        "policy": asdict(policy),
    }


async def changed(ledger: InMemoryLedger, policy: Policy, *, expected: int | None) -> int:
    """Change the policy of production and return its new version."""
    policy_version = await ledger.perform(
        lambda uow: policies.change_policy(uow, "production", policy, OWNER, expected=expected)
    )
    return policy_version.version
