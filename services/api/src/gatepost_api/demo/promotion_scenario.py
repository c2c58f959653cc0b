"""`gatepost-server demo --scenario promotion`: creates a change on its way to production.

It creates its own environments, so existing policies do not change. Rollouts to these environments
are simulated; the checks after each rollout are real and call the Gatepost server that runs the
scenario.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from gatepost_api.demo.seed import (
    VERSIONS,
    create_demo_users,
    print_tokens,
    register_service_with_versions,
    request_deployment_as,
)
from gatepost_api.server.bootstrap import create_default_environments, create_default_users
from gatepost_api.server.clock_and_ids import new_id, utc_now
from gatepost_api.server.storage import open_ledger, storage_for
from gatepost_api.settings.server import StorageLocation
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.actions.catalog.create import create_environment
from gatepost_domain.actions.catalog.targets import put_target
from gatepost_domain.catalog.environment import DEFAULT_RANKS, Environment
from gatepost_domain.catalog.executors import SimulatedExecutor
from gatepost_domain.catalog.policy import DEFAULT_POLICIES, ExecutionMode, Policy
from gatepost_domain.catalog.target import Check, HttpMethod, TargetSettings
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.errors import AlreadyExists
from gatepost_persistence.ledger.sql_ledger import SqlLedger

TEST: Final = "demo-test"
PRODUCTION: Final = "demo-production"
ENVIRONMENTS: Final[Mapping[str, tuple[Tier, Policy]]] = {
    TEST: (
        Tier.TEST,
        Policy(
            execution=ExecutionMode.WORKER,
            auto_start=True,
            promotes_to=PRODUCTION,
            auto_promote=True,
        ),
    ),
    PRODUCTION: (
        Tier.PRODUCTION,
        replace(
            DEFAULT_POLICIES[Tier.PRODUCTION],
            execution=ExecutionMode.WORKER,
            auto_start=True,
            requires=(TEST,),
        ),
    ),
}
"""Versions that succeed in test are promoted automatically; production starts them once
approved."""

PASSING_SERVICE: Final = "storefront"
FAILING_SERVICE: Final = "returns"
ROLLOUT_S: Final = 5
"""The duration of a simulated rollout, in seconds: long enough to watch."""


def seed_promotion_demo(location: StorageLocation, *, url: str) -> int:
    """Create the scenario and request two deployments; return the exit code.

    The checks call `url`, the address at which the server runs or will run.
    """
    return asyncio.run(_seed_promotion_demo(location, url))


async def _seed_promotion_demo(location: StorageLocation, url: str) -> int:
    at = utc_now()
    async with open_ledger(location) as ledger:
        try:
            async with ledger.exclusive_setup():
                await create_default_environments(ledger, ledger.reads, at=at)
                await create_default_users(
                    ledger, ledger.reads, location.data, at=at, new_id=new_id
                )
            for service in (PASSING_SERVICE, FAILING_SERVICE):
                await register_service_with_versions(ledger, service, VERSIONS, at)
            await _create_environments(ledger, url, at)
            await _create_targets(ledger, url, at)
            tokens = await create_demo_users(ledger, at)
            passes, fails = [
                await request_deployment_as(ledger, at, TEST, token=tokens["ada"], service=service)
                for service in (PASSING_SERVICE, FAILING_SERVICE)
            ]
        except AlreadyExists:
            sys.stderr.write(
                f"{storage_for(location)} already contains the scenario, or a service "
                f"{PASSING_SERVICE} or {FAILING_SERVICE}; use another data folder or database.\n"
            )
            return 1
    _print_instructions(tokens, passes, fails, url)
    return 0


async def _create_environments(ledger: SqlLedger, url: str, at: datetime) -> None:
    for name, (tier, policy) in ENVIRONMENTS.items():
        environment = Environment(
            name=name,
            display_name=name.replace("-", " ").capitalize(),
            tier=tier,
            rank=DEFAULT_RANKS[tier],
            policy_version=1,
            created_at=at,
            created_by=SYSTEM.name,
        )
        await ledger.perform(
            partial(
                create_environment,
                environment=environment,
                policy=replace(policy, outgoing_allow=(urlsplit(url).hostname or "",)),
                command=Command(actor=SYSTEM, at=at),
                planned=ENVIRONMENTS,
            )
        )


async def _create_targets(ledger: SqlLedger, url: str, at: datetime) -> None:
    health_check = _build_check("ready", "/health/ready", {"/status": '"ok"'})
    failing_check = _build_check("stock", "/stock", {})  # not an endpoint of Gatepost
    checks_by_service = {
        PASSING_SERVICE: (health_check,),
        FAILING_SERVICE: (health_check, failing_check),
    }
    for service, checks in checks_by_service.items():
        settings = TargetSettings(
            base_url=url,
            executor=SimulatedExecutor(duration_s=ROLLOUT_S),
            ready=None,
            checks=checks,
        )
        for environment in ENVIRONMENTS:
            await ledger.perform(
                partial(
                    put_target,
                    service=service,
                    environment=environment,
                    settings=settings,
                    command=Command(actor=SYSTEM, at=at),
                    revision=None,
                )
            )


def _build_check(name: str, path: str, expect_json: Mapping[str, str]) -> Check:
    return Check(
        name=name,
        method=HttpMethod.GET,
        path=path,
        body=None,
        expect_status=200,
        expect_json=expect_json,
        max_latency_ms=None,
        timeout_s=5,
        attempts=1,
        required=True,
    )


def _print_instructions(tokens: Mapping[str, str], passes: str, fails: str, url: str) -> None:
    version = VERSIONS[-1]
    sys.stdout.write(
        f"# Requested in {TEST}: {passes} ({PASSING_SERVICE} {version}) and "
        f"{fails} ({FAILING_SERVICE} {version}).\n"
        f"# The worker of `serve` deploys them: {ROLLOUT_S} s of simulated rollout, "
        "then real checks.\n"
    )
    print_tokens(tokens)
    sys.stdout.write(
        f"""
# Paste the lines above. To follow the deployment:
export GATEPOST_URL={url}
GATEPOST_TOKEN=$ADA gatepost events {passes}  # succeeds, then is promoted to {PRODUCTION}
GATEPOST_TOKEN=$ADA gatepost events {fails}  # fails its check `stock` and is not promoted
GATEPOST_TOKEN=$QUINN gatepost inbox  # shows the number of the promotion
GATEPOST_TOKEN=$QUINN gatepost approve NUMBER --stage qa
GATEPOST_TOKEN=$DEVIN gatepost approve NUMBER --stage devops
GATEPOST_TOKEN=$ADA gatepost show NUMBER  # starts in {PRODUCTION}, passes its check and succeeds
"""
    )
