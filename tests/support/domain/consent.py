"""What ends or binds consent: disabling users and replacing the settings of targets, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from gatepost_domain.access.users import User, UserKind
from gatepost_domain.actions.access.approval_invalidation import (
    invalidate_approvals_after_user_change,
)
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.catalog.executors import SimulatedExecutor
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, Target
from gatepost_domain.ports.unit_of_work import Ledger
from tests.support.builders import NOON, a_command


async def end_consent(ledger: Ledger, name: str, *, at: datetime = NOON) -> None:
    """End the consent of somebody as if they were disabled now; no such user need exist."""
    user = User(
        name=name,
        kind=UserKind.HUMAN,
        human=name,
        grants=(),
        groups=(),
        disabled=False,
        created_at=NOON,
        created_by="owner",
        revision=1,
    )
    await ledger.perform(
        partial(
            invalidate_approvals_after_user_change,
            before=user,
            after=replace(user, disabled=True),
            at=at,
        )
    )


async def replace_target(
    ledger: Ledger, environment: str, *, duration_s: int = 1, at: datetime = NOON
) -> Target:
    """Replace the settings of the shop in an environment."""
    settings = replace(DEFAULT_TARGET_SETTINGS, executor=SimulatedExecutor(duration_s=duration_s))
    return await ledger.perform(
        partial(
            put_target,
            service="shop",
            environment=environment,
            settings=settings,
            command=a_command("olga", at=at),
            revision=None,
        )
    )
