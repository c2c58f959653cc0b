"""The users, environments, services and first deployments that the product is measured with.

They are created by the product's own actions, in one transaction. `history` multiplies the first
deployments.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import uuid_utils.compat

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.server.bootstrap import build_user
from gatepost_domain.access.actor import SYSTEM, Actor, ResponsibleHumans
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.access.users import add_user, issue_token
from gatepost_domain.actions.catalog.create import (
    create_environment,
    register_service,
    register_version,
)
from gatepost_domain.actions.deployments.approval import approve_deployment, reject_deployment
from gatepost_domain.actions.deployments.claims import claim_next, finish_claim
from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.actions.deployments.rollout import start_deployment
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import ApprovalRule, ApprovalStage, ExecutionMode, Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.claim import RolloutOutcome
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite.ledger import SqliteLedger

BEGIN: Final = datetime(2023, 1, 1, tzinfo=UTC)
"""When the history begins."""
SERVICES: Final = tuple(f"service-{number:03}" for number in range(200))
ENVIRONMENTS: Final = {
    "development": Tier.DEVELOPMENT,
    "test": Tier.TEST,
    "staging": Tier.STAGING,
    "canary": Tier.PRODUCTION,
    "production": Tier.PRODUCTION,
}
LANES: Final = tuple((service, name) for name in ENVIRONMENTS for service in SERVICES)
"""Every service in every environment."""
FIRST_VERSION: Final = "1.0.0"
REQUESTERS: Final = tuple(f"requester-{number:02}" for number in range(20))
REVIEWER: Final = "reviewer"
WORKER: Final = "worker-of-the-benchmark"
POLICY: Final = Policy(
    approval_stages=(ApprovalStage(name="qa", rules=(ApprovalRule(required=1, group="qa"),)),),
    execution=ExecutionMode.WORKER,
)
FILE: Final = "benchmark.json"
"""The file with the secrets, in the data folder."""

new_id = uuid_utils.compat.uuid7


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """The tokens of the requesters and of the reviewer, and the number of deployments."""

    requesters: list[str]
    reviewer: str
    deployments: int = 0

    @classmethod
    def load(cls, data: Path) -> Secrets:
        """Read the secrets of a data folder."""
        return msgspec.json.decode((data / FILE).read_bytes(), type=cls)

    def save(self, data: Path) -> None:
        """Write the secrets to a data folder."""
        (data / FILE).write_bytes(msgspec.json.encode(self))


def create_catalog(data: Path) -> Secrets:
    """Create a data folder with users, environments, services and the first deployments."""
    requesters = [generate_token_secret(UserKind.HUMAN) for _ in REQUESTERS]
    secrets = Secrets(requesters=requesters, reviewer=generate_token_secret(UserKind.HUMAN))
    data.mkdir(parents=True, mode=0o700)
    asyncio.run(_create(data / "gatepost.db", secrets))
    secrets.save(data)
    return secrets


async def _create(file: Path, secrets: Secrets) -> None:
    ledger = await SqliteLedger.open(file)
    try:
        await ledger.perform_long(partial(_fill, secrets=secrets))
    finally:
        await ledger.close()


def _fill(uow: UnitOfWork, *, secrets: Secrets) -> None:
    command = Command(actor=SYSTEM, at=BEGIN)
    for name, secret in zip(REQUESTERS, secrets.requesters, strict=True):
        _add_person(uow, command, name, secret, roles=(Role.REQUESTER, Role.OPERATOR))
    _add_person(uow, command, REVIEWER, secrets.reviewer, roles=(Role.REVIEWER,), groups=("qa",))
    for rank, (name, tier) in enumerate(ENVIRONMENTS.items()):
        environment = Environment(
            name=name,
            display_name=name.capitalize(),
            tier=tier,
            rank=rank,
            policy_version=1,
            created_at=BEGIN,
            created_by=SYSTEM.name,
        )
        create_environment(uow, environment=environment, policy=POLICY, command=command)
    for name in SERVICES:
        _add_service(uow, command, name)
    _make_first_deployments(uow)


def _add_person(
    uow: UnitOfWork,
    command: Command,
    name: str,
    secret: str,
    *,
    roles: tuple[Role, ...],
    groups: tuple[str, ...] = (),
) -> None:
    add_user(uow, build_user(name, UserKind.HUMAN, roles=roles, groups=groups, at=BEGIN), command)
    issue_token(
        uow,
        name,
        command,
        id=new_id(),
        digest=secret_digest(secret),
        label="benchmark",
        scopes=None,
        expires_at=None,
    )


def _add_service(uow: UnitOfWork, command: Command, name: str) -> None:
    service = Service(
        name=name,
        team=f"team-{name[-2:]}",
        repo_url=f"https://git.example/{name}",
        display_name=name.capitalize(),
        description=None,
        created_at=BEGIN,
        created_by=SYSTEM.name,
    )
    register_service(uow, service, command)
    version = Version(
        service=name,
        version=FIRST_VERSION,
        commit_sha=None,
        committed_at=None,
        artifact_digest=None,
        notes=None,
        created_at=BEGIN,
        created_by=SYSTEM.name,
    )
    register_version(uow, version, command)


def _make_first_deployments(uow: UnitOfWork) -> None:
    """Deploy once with success, fail once, reject one deployment and leave one waiting."""
    for outcome in (RolloutOutcome.SUCCEEDED, RolloutOutcome.FAILED):
        _roll_out(uow, _request(uow), outcome)
    rejected = _request(uow)
    command = _command(REVIEWER, Role.REVIEWER, minutes=1, note="The tests are missing.")
    reject_deployment(uow, rejected.id, command, revision=None)
    _request(uow)


def _request(uow: UnitOfWork) -> Deployment:
    request = DeploymentRequest(
        service=SERVICES[0],
        environment="production",
        version=FIRST_VERSION,
        work_references=("SHOP-812",),
        rollback_plan="Redeploy the previous version.",
        risk="Checkout may be slow for a minute.",
    )
    command = _command(REQUESTERS[0], Role.REQUESTER)
    return request_deployment(uow, request, command, id=new_id(), new_id=new_id)


def _roll_out(uow: UnitOfWork, deployment: Deployment, outcome: RolloutOutcome) -> None:
    approve_deployment(
        uow,
        deployment.id,
        _command(REVIEWER, Role.REVIEWER, minutes=1, note="Tested: checkout works."),
        stage=None,
        revision=None,
        new_id=new_id,
    )
    operator = _command(REQUESTERS[1], Role.OPERATOR, minutes=2)
    start_deployment(uow, deployment.id, operator, revision=None, build_id=new_id())
    claim_command = _command(WORKER, Role.WORKER, minutes=3)
    lease = timedelta(seconds=60)
    task = claim_next(uow, claim_command, worker=WORKER, lease=lease, id=new_id())
    if task is None:
        raise RuntimeError("The queued deployment cannot be claimed.")
    finish_claim(
        uow,
        task.claim.id,
        _command(WORKER, Role.WORKER, minutes=4, note="Reported by the worker."),
        fencing_token=task.claim.fencing_token,
        outcome=outcome,
        steps=(),
        new_id=new_id,
    )


def _command(name: str, role: Role, *, minutes: int = 0, note: str | None = None) -> Command:
    actor = Actor(
        name=name,
        identity=ResponsibleHumans(human=name),
        groups=frozenset({"qa"}),
        grants=(Grant(role=role),),
    )
    return Command(actor=actor, at=BEGIN + timedelta(minutes=minutes), note=note)
