"""Settings changes in every ledger: what is stored, guarded, applied and listed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

import pytest

from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.credential_provenance import Means
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Account, Login, User
from gatepost_domain.actions.settings_changes.decide import approve_settings_change
from gatepost_domain.actions.settings_changes.propose import change_settings
from gatepost_domain.catalog.environment import Environment, EnvironmentChange
from gatepost_domain.catalog.executors import WebhookExecutor
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.target import (
    Check,
    HttpMethod,
    ReadinessProbe,
    Target,
    TargetSettings,
)
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import NotFound
from gatepost_domain.event import EventKind
from gatepost_domain.ports.paging import PageRequest
from gatepost_domain.settings_changes.errors import SettingsChangeDecided
from gatepost_domain.settings_changes.proposal import (
    EnvironmentUpdate,
    PolicyReplacement,
    Proposal,
    TargetRemoval,
    TargetReplacement,
    UserAddition,
    UserUpdate,
)
from gatepost_domain.settings_changes.settings_change import SettingsChange, SettingsChangeState
from tests.support.builders import (
    NOON,
    a_command,
    a_user,
    an_actor,
    an_event,
    an_id,
    create_catalog,
)
from tests.support.domain.actions import all_events
from tests.support.storage.ledgers import AnyLedger

ADMINS: Final = (Grant(role=Role.ADMIN), Grant(role=Role.OPERATOR))
PAULA, PETE = (an_actor(name, roles=[Role.ADMIN, Role.OPERATOR]) for name in ("paula", "pete"))
GUARDED: Final = Policy(settings_approvals=1)
SETTINGS: Final = TargetSettings(
    base_url="https://shop.example",
    executor=WebhookExecutor(url="https://ci.example/hook"),
    ready=ReadinessProbe(path="/health", timeout_s=60, interval_s=2),
    checks=(
        Check(
            name="cart",
            method=HttpMethod.POST,
            path="/cart",
            body='{"a":1.50}',
            expect_status=200,
            expect_json={"/items": "[]"},
            max_latency_ms=None,
            timeout_s=10,
            attempts=1,
            required=True,
        ),
    ),
    deadline_s=60,
)
ACCOUNT: Final = Account.of_subject("https://idp.example", "z-1")
PROPOSALS: Final[tuple[Proposal, ...]] = (
    PolicyReplacement(environment="live", policy=Policy(requires=("test",), soak_s=60)),
    EnvironmentUpdate(environment="live", change=EnvironmentChange(tier=Tier.TEST, rank=7)),
    TargetReplacement(service="shop", environment="live", settings=SETTINGS),
    UserAddition(user=a_user("mo", grants=(Grant(role=Role.REVIEWER, environment="live"),))),
    UserUpdate(name="zed", grants=ADMINS, accounts=(ACCOUNT,)),
)


@pytest.fixture
async def guarded(ledger: AnyLedger) -> AnyLedger:
    """A ledger with a guarded environment, two admins and a user without roles."""
    policies = {"live": (Tier.PRODUCTION, GUARDED), "test": (Tier.TEST, Policy())}
    await create_catalog(ledger, services=("shop",), policies=policies)
    for user in (a_user("paula", grants=ADMINS), a_user("pete", grants=ADMINS), a_user("zed")):
        await propose(ledger, UserAddition(user=user), by=SYSTEM)
    return ledger


async def propose(
    ledger: AnyLedger, proposal: Proposal, *, by: Actor = PAULA, id_: UUID | None = None
) -> Any:
    command = a_command(by, note="It must be.")
    action = partial(change_settings, revision=None, id=id_ or an_id())
    return await ledger.perform(partial(action, proposal=proposal, command=command))


async def approve(ledger: AnyLedger, change: SettingsChange) -> SettingsChange:
    command = a_command(PETE, note="Fine.")
    return await ledger.perform(partial(approve_settings_change, change=change.id, command=command))


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda proposal: str(proposal.operation))
async def test_change_is_stored_and_applied(guarded: AnyLedger, proposal: Proposal) -> None:
    """A stored change is equal to what was proposed, and the decision changes nothing else."""
    change = await propose(guarded, proposal)
    assert isinstance(change, SettingsChange)

    assert await guarded.reads.settings_change(change.id) == change
    assert await guarded.perform(lambda uow: uow.settings_changes.get(change.id)) == change
    assert await guarded.perform(lambda uow: uow.settings_changes.list_pending()) == (change,)
    assert (change.proposal, change.environments) == (proposal, ("live",))

    applied = await approve(guarded, change)

    assert applied.state is SettingsChangeState.APPLIED
    assert (applied.decided_by, applied.decided_at, applied.note) == ("pete", NOON, "Fine.")
    assert await guarded.reads.settings_change(change.id) == applied
    assert await guarded.perform(lambda uow: uow.settings_changes.list_pending()) == ()
    with pytest.raises(SettingsChangeDecided):
        await approve(guarded, change)
    changed, decided = (await all_events(guarded.reads))[-2:]
    assert (changed.actor, changed.data["approved_by"]) == ("paula", "pete")
    assert (decided.kind, decided.actor) == ("settings_change_applied", "pete")


async def test_applied_change_equals_a_direct_one(ledger: AnyLedger, guarded: AnyLedger) -> None:
    """What is in force after the approval is what was proposed, by its proposer."""
    for proposal in PROPOSALS[1:]:
        await approve(guarded, await propose(guarded, proposal))

    environment: Environment = await ledger.reads.environment("live")
    target: Target = await ledger.reads.target("shop", "live")
    mo: User = await ledger.reads.user("mo")
    assert (environment.tier, environment.rank) == (Tier.TEST, 7)
    assert (target.settings, target.changed_by) == (SETTINGS, "paula")
    assert mo.grants == (Grant(role=Role.REVIEWER, environment="live"),)
    zed = await ledger.reads.user("zed")
    login = Login(account=ACCOUNT, linked_by="paula", provenance={"paula": Means.ACCOUNT})
    assert (zed.grants, zed.logins) == (ADMINS, (login,))


async def test_the_system_needs_no_approval(guarded: AnyLedger) -> None:
    """What Gatepost and its command line do takes effect at once."""
    policy = Policy(after_review_s=60)

    await propose(guarded, PolicyReplacement(environment="live", policy=policy), by=SYSTEM)

    environment = await guarded.reads.environment("live")
    assert (await guarded.reads.policy("live", environment.policy_version)).policy == policy


async def test_retirement_of_a_target_that_never_was_is_refused(guarded: AnyLedger) -> None:
    """The rules of the action apply to the proposal already."""
    with pytest.raises(NotFound):
        await propose(guarded, TargetRemoval(service="shop", environment="live", at=None))

    assert await guarded.perform(lambda uow: uow.settings_changes.list_pending()) == ()


async def test_archived_environments_stay_guarded(guarded: AnyLedger) -> None:
    """Otherwise, a role could be given while an environment is archived."""
    archival = EnvironmentUpdate(environment="live", change=EnvironmentChange(archived=True))
    await approve(guarded, await propose(guarded, archival))

    change = await propose(guarded, PROPOSALS[3])

    assert isinstance(change, SettingsChange)
    assert change.gives == ("reviewer",)


async def test_changes_are_listed_newest_first(guarded: AnyLedger) -> None:
    """The pages of a state contain only its changes."""
    first, second, third = [await propose(guarded, PROPOSALS[0]) for _ in range(3)]
    applied = await approve(guarded, second)
    pending = SettingsChangeState.PENDING

    page = await guarded.reads.settings_changes(pending, PageRequest(limit=1))
    assert page.items == (third,)
    page = await guarded.reads.settings_changes(pending, PageRequest(limit=2, after=page.next_key))
    assert (page.items, page.next_key) == ((first,), None)
    everything = await guarded.reads.settings_changes(None, PageRequest(limit=9))
    assert everything.items == (third, applied, first)


async def test_unknown_change_is_not_found(guarded: AnyLedger) -> None:
    """There is no settings change with this id."""
    with pytest.raises(NotFound):
        await guarded.reads.settings_change(an_id())
    with pytest.raises(NotFound):
        await guarded.perform(lambda uow: uow.settings_changes.get(an_id()))


async def test_change_of_a_user_who_was_renamed_since_is_applied(guarded: AnyLedger) -> None:
    """A migration gave the user another name, and the proposal has the former one."""
    zoe = replace(a_user("zo-"), human="zo\u00eb", former_name="Zo\u00eb")
    await guarded.perform(lambda uow: uow.users.add(zoe, an_event(EventKind.USER_ADDED)))
    grants = (Grant(role=Role.OPERATOR),)
    change = await propose(guarded, UserUpdate(name="zo-", grants=grants))
    assert isinstance(change, SettingsChange)
    earlier = replace(change, id=an_id(), proposal=UserUpdate(name="Zo\u00eb", grants=grants))
    requested = an_event(EventKind.SETTINGS_CHANGE_REQUESTED)
    await guarded.perform(lambda uow: uow.settings_changes.add(earlier, requested))

    applied = await approve(guarded, earlier)

    assert (applied.state, applied.note) == (SettingsChangeState.APPLIED, "Fine.")
    assert (await guarded.reads.user("zo-")).grants == grants
