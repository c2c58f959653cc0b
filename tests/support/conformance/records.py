"""The records on a running server that the cases of the conformance tests use.

Each is created when a case first needs it, with a name that nobody else uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cached_property
from typing import Any, Final
from uuid import UUID, uuid4

from gatepost_client import Gatepost, GatepostProblem
from gatepost_client.models import (
    ActionBody,
    ApproveBody,
    BreakGlassBody,
    ClaimCreate,
    DeploymentCreate,
    EnvironmentChange,
    EnvironmentCreate,
    ExecutionMode,
    FreezeCreate,
    FreezeScopeBody,
    GrantBody,
    PolicyBody,
    ReasonBody,
    RecordCreate,
    Role,
    RollbackBody,
    ServiceChange,
    ServiceCreate,
    SimulatedExecutorBody,
    TargetBody,
    Task,
    Tier,
    TokenCreate,
    UserChange,
    UserCreate,
    UserKind,
    VersionCreate,
)
from gatepost_domain.status_transitions import Status
from tests.support.client.enrolment import enrol
from tests.support.conformance.placeholders import (
    ALLOWING,
    CLAIMS,
    DEPLOYMENTS,
    FREEZES,
    NEWCOMER,
    SERVICE_ACCOUNT,
    SERVICES,
    SPARE_SERVICES,
    TOKENS,
)
from tests.support.http.api import PEOPLE, POLICIES

TESTER: Final = "tester"
"""The user who sends the cases."""
VERSION: Final = "1.0.0"
NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")
NUMBER: Final = re.compile(r"(DEP-)?\d+")
UNKNOWN_NUMBER: Final = "DEP-999999999999"
BATCH: Final = 16
"""How many deployments are queued so that the server's own workers leave some to be claimed."""
ROLLOUT_S: Final = 20
"""How many seconds the rollout of each deployment in a batch occupies one of the workers."""


class Records:
    """The records, by the placeholders that mean them."""

    def __init__(self, url: str, owner_token: str) -> None:
        self._url = url
        self._prefix = f"c{uuid4().hex[:8]}"
        self._connections = ExitStack()
        self._owner = self._connections.enter_context(Gatepost(url, token=owner_token))
        self._created: dict[tuple[str, object], Any] = {}

    def close(self) -> None:
        """Archive the services and environments, and disable the users, as far as possible."""
        for kind, name in reversed(list(self._created)):
            with suppress(GatepostProblem):
                match kind:
                    case "queued":
                        self._owner.cancel_deployment(f"{name}", ReasonBody(note="Not needed."))
                    case "service":
                        self._owner.change_service(self._name(name), ServiceChange(archived=True))
                    case "environment":
                        change = EnvironmentChange(archived=True)
                        self._owner.change_environment(self._name(name), change)
                    case "user":
                        self._owner.change_user(self._name(name), UserChange(disabled=True))
                    case _:
                        pass
        self._connections.close()

    def _name(self, placeholder: object) -> str:
        return f"{self._prefix}-{placeholder}"

    def unique(self, name: str) -> str:
        """Return a name that nobody else uses; return a string that is not a name unchanged."""
        return self._name(name) if NAME.fullmatch(name) else name

    def _once(self, kind: str, key: object, create: Callable[[], Any]) -> Any:
        """Create a record at the first call, and return it at every call."""
        if (kind, key) not in self._created:
            self._created[kind, key] = create()
        return self._created[kind, key]

    def service_for(self, operation: str, name: str) -> str:
        """Return the service that a name stands for, in the state that the operation requires."""
        if name not in {*SERVICES, *SPARE_SERVICES}:
            return self.unique(name)
        match operation:
            case "release_hold":
                return self._held_service(f"{name}-held")
            case "unblock_version":
                return self._blocked_service(f"{name}-blocked")
            case "get_target":
                service = self.service(name)
                self._once("target", name, lambda: self._put_target(service, "staging"))
                return service
            case _:
                return self.service(name)

    def service(self, name: str) -> str:
        """Register a service with one version, which is recorded as deployed to production."""
        service = self._name(name)

        def create() -> None:
            repository = f"https://git.example/{service}"
            self._owner.register_service(
                ServiceCreate(name=service, team="conformance", repo_url=repository)
            )
            self._owner.register_version(service, VersionCreate(version=VERSION))
            self._record(service, "production")

        self._once("service", name, create)
        return service

    def _held_service(self, name: str) -> str:
        """Manually deploy a version other than the one that is promoted automatically."""
        service = self.service(name)

        def create() -> None:
            self._owner.register_version(service, VersionCreate(version="2.0.0"))
            self._record(service, "promoting")
            self._succeed(service, "2.0.0")

        self._once("hold", name, create)
        return service

    def _blocked_service(self, name: str) -> str:
        """Roll back to the previous version, which blocks the version that was rolled back."""
        service = self.service(name)

        def create() -> None:
            self._owner.register_version(service, VersionCreate(version="0.9.0"))
            self._succeed(service, "0.9.0")
            number = self._succeed(service, VERSION)
            self._as(TESTER).rollback_deployment(number, RollbackBody(note="Bad.", redeploy=True))

        self._once("block", name, create)
        return service

    def _succeed(self, service: str, version: str) -> str:
        """Deploy a version to development and return the deployment's number."""
        number = self._request(service, "development", version)
        self._as(TESTER).start_deployment(number)
        self._as(TESTER).succeed_deployment(number)
        return number

    def _record(self, service: str, environment: str) -> str:
        body = RecordCreate(
            service=service, environment=self.environment(environment), version=VERSION
        )
        return self._owner.record_deployment(body).number

    def _put_target(self, service: str, environment: str, duration_s: int = 0) -> None:
        executor = SimulatedExecutorBody(duration_s=duration_s)
        self._owner.put_target(
            service, self.environment(environment), TargetBody(executor=executor)
        )

    def environment(self, name: str, suffix: str = "") -> str:
        """Create the environment that a placeholder stands for, or return an unused name."""
        if name not in {*POLICIES, "promoting", "frozen"}:
            return self.unique(name)
        environment = self._name(name + suffix)

        def create() -> None:
            policy, tier = PolicyBody(), POLICIES.get(name, (Tier.DEVELOPMENT,))[0]
            match name:
                case "test":
                    policy = PolicyBody(
                        execution=ExecutionMode.WORKER,
                        auto_start=True,
                        promotes_to=self.environment("production"),
                    )
                case "promoting":
                    to = self.environment("development")
                    policy = PolicyBody(auto_promote=True, promotes_to=to)
                case _:
                    pass
            body = EnvironmentCreate(name=environment, tier=Tier(tier))
            if name in {"test", "promoting"}:
                body.policy = policy
            self._owner.create_environment(body)
            if name == "frozen":
                scope = FreezeScopeBody(environment=environment)
                self._owner.impose_freeze(FreezeCreate(reason="The sale.", scope=scope))

        self._once("environment", name + suffix, create)
        return environment

    def user(self, name: str, suffix: str = "") -> str:
        """Create a user with every role, who executes only our deployments as a worker."""
        if name not in {*PEOPLE, TESTER, SERVICE_ACCOUNT, NEWCOMER}:
            return self.unique(name)
        user = self._name(name + suffix)

        def create() -> None:
            test = self.environment("test")
            grants = [
                GrantBody(role=role, environment=test)
                if role is Role.WORKER
                else GrantBody(role=role)
                for role in Role
            ]
            body = UserCreate(name=user, grants=grants, groups=["qa", "devops"])
            if name == SERVICE_ACCOUNT:
                body.kind = UserKind.SERVICE
            self._owner.add_user(body)

        self._once("user", name + suffix, create)
        return user

    def secret(self, name: str) -> str:
        def create() -> str:
            return enrol(self._owner, self.user(name))

        return f"{self._once('secret', name, create)}"

    def _as(self, name: str) -> Gatepost:
        def connect() -> Gatepost:
            return self._connections.enter_context(Gatepost(self._url, token=self.secret(name)))

        client: Gatepost = self._once("client", name, connect)
        return client

    def token(self, token: str) -> str:
        if not is_in(token, TOKENS):
            return token

        def create() -> UUID:
            return self._as("ada").issue_token(self.user("ada"), TokenCreate()).token.id

        return f"{self._once('token', token, create)}"

    def freeze(self, freeze: str) -> str:
        if not is_in(freeze, FREEZES):
            return freeze
        scope = FreezeScopeBody(service=self.service("frozen"))
        body = FreezeCreate(reason="The sale.", scope=scope)
        return f"{self._once('freeze', freeze, lambda: self._owner.impose_freeze(body).id)}"

    def deployment(self, number: str) -> str:
        """Create the deployment for a placeholder, or return a number that does not exist."""
        if not NUMBER.fullmatch(number):
            return number
        position = int(number.removeprefix("DEP-"))
        if (
            not 1
            <= position
            <= len(DEPLOYMENTS) + len(ALLOWING["hide"] + ALLOWING["override_gate"])
        ):
            return UNKNOWN_NUMBER
        return f"{self._once('deployment', number, lambda: self._create(f'DEP-{position}'))}"

    def _create(self, number: str) -> str:
        """Create a deployment with the status that its number means, in a service of its own."""
        service = self.service(number.lower())
        if number in ALLOWING["hide"]:
            return self._record(service, "staging")
        if number in ALLOWING["override_gate"]:
            return self._request(service, "frozen")
        (_, status), created = DEPLOYMENTS[int(number.removeprefix("DEP-")) - 1], ""
        created = self._request(service, "production")
        if number in ALLOWING["close_after_review"]:
            emergency = BreakGlassBody(incident="INC-1", reason="It cannot wait.")
            self._as("eve").break_glass(created, emergency)
            return created
        self._act(created, status)
        if number in ALLOWING["withdraw_approval"]:
            self._as(TESTER).approve_deployment(created, ApproveBody(stage="qa"))
        return created

    def _act(self, number: str, status: Status) -> None:
        """Bring a deployment to a status, except `queued`, which would let a worker execute it."""
        tester = self._as(TESTER)
        match status:
            case Status.PENDING_APPROVAL | Status.QUEUED:
                return
            case Status.REJECTED:
                tester.reject_deployment(number, ReasonBody(note="No."))
                return
            case Status.CANCELLED:
                tester.cancel_deployment(number, ReasonBody(note="No."))
                return
            case _:
                self._as("quinn").approve_deployment(number, ApproveBody(stage="qa"))
                self._as("devin").approve_deployment(number, ApproveBody(stage="devops"))
        if status is not Status.APPROVED:
            tester.start_deployment(number)
        match status:
            case Status.SUCCEEDED:
                tester.succeed_deployment(number, ActionBody())
            case Status.FAILED:
                tester.fail_deployment(number, ReasonBody(note="It broke."))
            case Status.ROLLED_BACK:
                tester.rollback_deployment(number, RollbackBody(note="It broke."))
            case _:
                pass

    def _request(self, service: str, environment: str, version: str = VERSION) -> str:
        body = DeploymentCreate(
            service=service,
            environment=self.environment(environment),
            version=version,
            work_references=["SHOP-1"],
            rollback_plan="Redeploy the version before.",
            risk="Checkout may be slow for a minute.",
        )
        return self._as("ada").create_deployment(body).number

    def queue_batch(self, key: str = "cases") -> None:
        """Queue deployments to be claimed."""

        def create() -> None:
            for index in range(BATCH):
                service = self.service(f"queued-{key}-{index}")
                self._put_target(service, "test", ROLLOUT_S)
            for index in range(BATCH):
                number = self._request(self._name(f"queued-{key}-{index}"), "test")
                self._created["queued", number] = number

        self._once("batch", key, create)

    def claim(self, claim: str) -> str:
        """Return the id of a task that the tester has claimed, if a case means one."""
        return f"{self.tasks[CLAIMS.index(UUID(claim))].id}" if is_in(claim, CLAIMS) else claim

    @cached_property
    def tasks(self) -> list[Task]:
        """Tasks that the tester has claimed, in the order of their placeholders."""
        self.queue_batch("claims")
        body = ClaimCreate(worker="conformance", lease_s=3600)
        tasks = [self._as(TESTER).claim_task(body) for _ in CLAIMS]
        assert None not in tasks, "the server's own workers took all deployments; stop them"
        return [task for task in tasks if isinstance(task, Task)]


def is_in(text: str, ids: list[UUID]) -> bool:
    """Return whether a string is one of these ids."""
    return text in map(str, ids)
