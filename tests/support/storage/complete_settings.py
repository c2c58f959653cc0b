"""Settings changes in each state, and responses for idempotency keys, for complete histories."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from gatepost_domain.access.actor import Actor
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.actions.access.users import add_user
from gatepost_domain.actions.settings_changes.decide import (
    approve_settings_change,
    reject_settings_change,
)
from gatepost_domain.actions.settings_changes.propose import change_settings
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.ports.idempotency import IdempotencyRecord
from gatepost_domain.settings_changes.proposal import (
    EnvironmentUpdate,
    PolicyReplacement,
    Proposal,
    TargetReplacement,
    UserUpdate,
)
from tests.support.builders import a_user, an_account, an_actor, an_id

PAULA, PETE = (an_actor(name, roles=[Role.ADMIN, Role.OPERATOR]) for name in ("paula", "pete"))
_GUARDED = Policy(settings_approvals=1)


class History(Protocol):
    """A history in which every action happens a minute after the previous one."""

    ids: dict[str, str]

    async def perform(
        self, action: Callable[..., Any], by: Actor | str = ..., **arguments: Any
    ) -> Any:
        """Perform an action now."""
        ...


async def propose_settings_changes(history: History) -> None:
    """Guard the attic, and store settings changes that are applied, rejected, stale and pending."""
    grants = (Grant(role=Role.ADMIN), Grant(role=Role.OPERATOR))
    for name in ("paula", "pete"):
        await history.perform(add_user, user=a_user(name, grants=grants))
    await _propose(history, PolicyReplacement(environment="attic", policy=_GUARDED))
    settings = DEFAULT_TARGET_SETTINGS
    target = TargetReplacement(service="shop", environment="attic", settings=settings)
    tier = EnvironmentUpdate(environment="attic", change=EnvironmentChange(tier=Tier.STAGING))
    applied, stale = await _propose(history, target), await _propose(history, target)
    rejected = await _propose(history, tier)
    await history.perform(approve_settings_change, PETE, change=applied)
    await history.perform(approve_settings_change, PETE, change=stale)
    await history.perform(reject_settings_change, PETE, change=rejected)
    accounts = (an_account("z-9"),)
    pending = await _propose(history, UserUpdate(name="zed", grants=grants, accounts=accounts))
    history.ids |= {"applied_change": str(applied), "pending_change": str(pending)}


async def _propose(history: History, proposal: Proposal) -> UUID:
    """Propose a change as Paula, and return the id of the settings change."""
    change = an_id()
    await history.perform(change_settings, PAULA, proposal=proposal, revision=None, id=change)
    return change


def a_stored_response(key: str, *, at: datetime) -> IdempotencyRecord:
    """Build the response to one of Ada's requests."""
    return IdempotencyRecord(
        caller="ada",
        key=key,
        fingerprint="f" * 64,
        status=201,
        headers=(("ETag", '"1"'),),
        body=b'{"ok":true}',
        created_at=at,
    )
