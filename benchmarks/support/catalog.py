"""The users, environments, services and first deployments with which the product is measured.

The product's own actions create them in one transaction. `history` copies the first deployments.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import uuid_utils.compat

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.server.bootstrap import build_user
from gatepost_domain.access.actor import SYSTEM, Actor
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity
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
from gatepost_domain.actions.deployments.execution import start_deployment
from gatepost_domain.actions.deployments.request import request_deployment
from gatepost_domain.catalog.environment import Environment
from gatepost_domain.catalog.policy import ApprovalRule, ApprovalStage, ExecutionMode, Policy
from gatepost_domain.catalog.service import Service, Version
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.claim import RolloutOutcome
from gatepost_domain.deployments.deployment import Deployment, DeploymentRequest
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_persistence.sqlite.ledger import SqliteLedger

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
"""The name of the file in a data folder that contains its `Dataset`."""

new_id = uuid_utils.compat.uuid7


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to put load on a server with a data folder, such as tokens."""

    requesters: list[str]
    """The secrets of the requesters' tokens."""
    reviewer: str
    """The secret of the reviewer's token."""
    begin: datetime
    end: datetime
    """The time after the last deployment."""
    deployments: int

    @classmethod
    def load(cls, data: Path) -> Dataset:
        """Read the dataset from a data folder."""
        return msgspec.json.decode((data / FILE).read_bytes(), type=cls)

    def save(self, data: Path) -> None:
        """Write the dataset to a data folder."""
        (data / FILE).write_bytes(msgspec.json.encode(self))


def create_catalog(data: Path, *, begin: datetime) -> Dataset:
    """Create a data folder with users, environments, services and the first deployments."""
    dataset = Dataset(
        requesters=[generate_token_secret(UserKind.HUMAN) for _ in REQUESTERS],
        reviewer=generate_token_secret(UserKind.HUMAN),
        begin=begin,
        end=begin,
        deployments=0,
    )
    data.mkdir(parents=True, mode=0o700)
    asyncio.run(_create(data / "gatepost.db", dataset))
    dataset.save(data)
    return dataset


async def _create(file: Path, dataset: Dataset) -> None:
    ledger = await SqliteLedger.open(file)
    try:
        await ledger.perform_long(lambda uow: _Catalog(uow, dataset).fill())
    finally:
        await ledger.close()


class _Catalog:
    """Fills an empty ledger, starting at the beginning of the history."""

    def __init__(self, uow: UnitOfWork, dataset: Dataset) -> None:
        self._uow = uow
        self._dataset = dataset
        self._begin = dataset.begin
        self._system = Command(actor=SYSTEM, at=dataset.begin)

    def fill(self) -> None:
        """Add people, environments, services and the first deployments."""
        for name, secret in zip(REQUESTERS, self._dataset.requesters, strict=True):
            self._add_person(name, secret, roles=(Role.REQUESTER, Role.OPERATOR))
        reviewer = self._dataset.reviewer
        self._add_person(REVIEWER, reviewer, roles=(Role.REVIEWER,), groups=("qa",))
        for rank, (name, tier) in enumerate(ENVIRONMENTS.items()):
            self._add_environment(name, tier, rank)
        for name in SERVICES:
            self._add_service(name)
        for outcome in (RolloutOutcome.SUCCEEDED, RolloutOutcome.FAILED):
            self._roll_out(self._request(), outcome)
        rejected = self._request()
        command = self._command(REVIEWER, Role.REVIEWER, minutes=1, note="The tests are missing.")
        reject_deployment(self._uow, rejected.id, command, revision=None)
        self._request()

    def _add_person(
        self, name: str, secret: str, *, roles: tuple[Role, ...], groups: tuple[str, ...] = ()
    ) -> None:
        user = build_user(name, UserKind.HUMAN, roles=roles, groups=groups, at=self._begin)
        add_user(self._uow, user, self._system)
        issue_token(
            self._uow,
            name,
            self._system,
            id=new_id(),
            digest=secret_digest(secret),
            label="benchmark",
            scopes=None,
            expires_at=None,
        )

    def _add_environment(self, name: str, tier: Tier, rank: int) -> None:
        environment = Environment(
            name=name,
            display_name=name.capitalize(),
            tier=tier,
            rank=rank,
            policy_version=1,
            created_at=self._begin,
            created_by=SYSTEM.name,
        )
        create_environment(self._uow, environment=environment, policy=POLICY, command=self._system)

    def _add_service(self, name: str) -> None:
        service = Service(
            name=name,
            team=f"team-{name[-2:]}",
            repo_url=f"https://git.example/{name}",
            display_name=name.capitalize(),
            description=None,
            created_at=self._begin,
            created_by=SYSTEM.name,
        )
        register_service(self._uow, service, self._system)
        version = Version(
            service=name,
            version=FIRST_VERSION,
            commit_sha=None,
            committed_at=None,
            artifact_digest=None,
            notes=None,
            created_at=self._begin,
            created_by=SYSTEM.name,
        )
        register_version(self._uow, version, self._system)

    def _request(self) -> Deployment:
        request = DeploymentRequest(
            service=SERVICES[0],
            environment="production",
            version=FIRST_VERSION,
            work_references=("SHOP-812",),
            rollback_plan="Redeploy the previous version.",
            risk="Checkout may be slow for a minute.",
        )
        command = self._command(REQUESTERS[0], Role.REQUESTER)
        return request_deployment(self._uow, request, command, id=new_id(), new_id=new_id)

    def _roll_out(self, deployment: Deployment, outcome: RolloutOutcome) -> None:
        """Approve, start, claim and finish a deployment."""
        uow, note = self._uow, "Tested: checkout works."
        reviewer = self._command(REVIEWER, Role.REVIEWER, minutes=1, note=note)
        approve_deployment(uow, deployment.id, reviewer, stage=None, revision=None, new_id=new_id)
        operator = self._command(REQUESTERS[1], Role.OPERATOR, minutes=2)
        start_deployment(uow, deployment.id, operator, revision=None, build_id=new_id())
        worker = self._command(WORKER, Role.WORKER, minutes=3)
        lease = timedelta(seconds=60)
        task = claim_next(uow, worker, worker=WORKER, lease=lease, id=new_id())
        if task is None:
            raise RuntimeError("The queued deployment cannot be claimed.")
        finish_claim(
            uow,
            task.claim.id,
            self._command(WORKER, Role.WORKER, minutes=4, note="Reported by the worker."),
            fencing_token=task.claim.fencing_token,
            outcome=outcome,
            steps=(),
            new_id=new_id,
        )

    def _command(
        self, name: str, role: Role, *, minutes: int = 0, note: str | None = None
    ) -> Command:
        actor = Actor(
            name=name,
            identity=Identity(humans=(name,)),
            groups=frozenset({"qa"}),
            grants=(Grant(role=role),),
        )
        return Command(actor=actor, at=self._begin + timedelta(minutes=minutes), note=note)
