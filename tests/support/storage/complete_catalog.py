"""The part of the complete history that changes the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost_domain.actions.catalog import create, policies, targets, update
from gatepost_domain.catalog.environment import EnvironmentChange
from gatepost_domain.catalog.service import ServiceChange
from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, TargetSettings
from gatepost_domain.catalog.tier import Tier
from tests.support.builders import (
    NOON,
    QA_THEN_DEVOPS,
    a_policy,
    a_service,
    a_version,
    an_environment,
)

if TYPE_CHECKING:
    from tests.support.storage.complete_history import CompleteHistory


async def change_catalog(history: CompleteHistory) -> None:
    """Change the service, the environments, a policy and a target, and add one of each."""
    await history.perform(
        update.change_service, name="shop", change=ServiceChange(team="web"), revision=None
    )
    change = EnvironmentChange(display_name="Farm", rank=7)
    await history.perform(update.change_environment, name="farm", change=change, revision=None)
    await history.perform(
        create.create_environment,
        environment=an_environment("attic", tier=Tier.TEST),
        policy=a_policy(),
        planned=(),
    )
    await history.perform(
        update.change_environment,
        name="attic",
        change=EnvironmentChange(archived=True),
        revision=None,
    )
    await history.perform(
        create.register_version,
        version=a_version(
            "4",
            commit_sha="a" * 40,
            committed_at=NOON,
            artifact_digest=f"sha256:{'b' * 64}",
            notes="Faster.",
        ),
    )
    await history.perform(create.register_service, service=a_service("mail", description="Sends."))
    stricter = a_policy(*QA_THEN_DEVOPS.approval_stages, approval_expires_s=86_400)
    await history.perform(
        policies.change_policy, environment="production", policy=stricter, expected=None
    )
    for deadline_s in (600, 1200):
        settings = TargetSettings(
            base_url="https://shop.example",
            executor=DEFAULT_TARGET_SETTINGS.executor,
            ready=None,
            checks=(),
            deadline_s=deadline_s,
        )
        await history.perform(
            targets.put_target,
            service="shop",
            environment="farm",
            settings=settings,
            revision=None,
        )
