"""What a new server has in it before anybody has done anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from gatepost_domain.actions.catalog import create_environment
from gatepost_domain.actor import SYSTEM
from gatepost_domain.catalog import RANKS, Environment
from gatepost_domain.command import Command
from gatepost_domain.policy import DEFAULT_POLICIES, Execution, Policy, Tier
from gatepost_domain.ports import Ledger, Reads, Window

FIRST_ENVIRONMENTS: Final[Mapping[str, tuple[Tier, Policy]]] = {
    "test": (Tier.TEST, Policy(execution=Execution.WORKER, auto_start=True)),
    "staging": (Tier.STAGING, DEFAULT_POLICIES[Tier.STAGING]),
    "production": (Tier.PRODUCTION, DEFAULT_POLICIES[Tier.PRODUCTION]),
}
"""Test asks nobody and waits for a worker; production asks qa, then devops."""


async def make_first_environments(ledger: Ledger, reads: Reads, *, at: datetime) -> None:
    """Make test, staging and production, if there is no environment at all."""
    if (await reads.environments(Window(limit=1))).items:
        return
    command = Command(actor=SYSTEM, at=at)
    for name, (tier, policy) in FIRST_ENVIRONMENTS.items():
        environment = Environment(
            name=name,
            display_name=name.capitalize(),
            tier=tier,
            rank=RANKS[tier],
            policy_version=1,
            created_at=at,
            created_by=SYSTEM.name,
        )
        await ledger.perform(
            partial(create_environment, environment=environment, policy=policy, command=command)
        )
