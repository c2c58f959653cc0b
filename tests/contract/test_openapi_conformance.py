"""The API conforms to its OpenAPI document for valid and invalid requests."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
import schemathesis
from litestar import Litestar
from schemathesis import Case, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from gatepost_api.app import create_app
from gatepost_api.server.bootstrap import OWNER, build_user, ensure_user_with_token
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.deployments.claims import claim_next
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.blocks_and_holds import AutoPromotionHold, VersionBlock
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status_transitions import Status
from tests.support.builders import NOON, FrozenClock, an_event, an_id
from tests.support.conformance.checks import ACCEPTING, REFUSING
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
    numbers_with,
)
from tests.support.conformance.running_server import RunningServer
from tests.support.conformance.work_once import (
    applications_in_this_thread,
    texts_of_patterns_shared,
)
from tests.support.http.api import (
    PEOPLE,
    POLICIES,
    Api,
    auth_header,
    create_database,
    created_json,
    ok_json,
    running_api,
    token_secret,
)
from tests.support.http.unreachable_operations import TESTED_ELSEWHERE

ROOT: Final = Path(__file__).resolve().parents[2]

VALUES: Final[Mapping[str, list[str]]] = {
    "path.user": [name for name in PEOPLE if name != OWNER],  # the caller must not be disabled
    "path.token": [str(token) for token in TOKENS],
    "path.freeze": [str(freeze) for freeze in FREEZES],
    "path.service": SERVICES,
    "path.environment": list(POLICIES),
    "path.version": ["1.0.0"],
    "path.deployment": [f"DEP-{number}" for number, _ in enumerate(DEPLOYMENTS, start=1)],
    "path.service_name": SERVICES,
    "path.appId": SERVICES,
    "path.envId": list(POLICIES),
    "body.service": SERVICES,
    "body.environment": list(POLICIES),
    "body.version": ["1.0.0"],
    "body.service_name": SERVICES,
    "body.applicationId": SERVICES,
    "body.environmentId": list(POLICIES),
    "body.versionId": ["1.0.0"],
    "header.If-Match": ["*", "*", '"1"', '"3"'],
    "header.If-None-Match": ["*", '"1"', '"3"'],
}
"""Names that exist, because random values would rarely match one."""

TARGET: Final = {"executor": {"kind": "simulated"}}

VALUES_BY_OPERATION: Final[Mapping[str, Mapping[str, Sequence[str | int]]]] = {
    "compare_current_state": {"query.from": ["staging", "2026-11-20T09:30:00Z"]},
    "change_environment": {"path.environment": ["development"]},
    "change_service": {"path.service": SPARE_SERVICES},
    "create_deployment": {"body.environment": ["staging", "test"]},  # no version is blocked there
    "preview_deployment": {"body.environment": ["staging", "test"]},
    "override_gate": {"body.gate": ["freeze"], "body.reason": ["The fix cannot wait."]},
    "promote_deployment": {"body.environment": ["test"], "header.If-Match": ["*"]},
    "start_deployment": {"header.If-Match": ["*"]},
    "register_version": {"body.version": [f"3.0.{number}" for number in range(20)]},
    "release_hold": {"path.environment": ["development"]},
    "unblock_version": {"body.environment": ["development"]},
    "renew_claim": {"path.claim": [str(CLAIMS[0])], "body.fencing_token": [1]},
    "report_steps": {"path.claim": [str(CLAIMS[1])], "body.fencing_token": [2]},
    "finish_claim": {"path.claim": [str(CLAIMS[2])], "body.fencing_token": [3]},
    "get_tracked_deployment": {"path.id": numbers_with(Status.SUCCEEDED)},
    "record_tracked_deployment": {"body.deploymentDate": ["2026-11-20T09:30:00Z"]},
    "register_platform_service": {"body.service_name": ["payments", "billing"]},
    "get_target": {"path.service": ["shop-0"], "path.environment": ["staging"]},
    "revoke_token": {"path.user": ["ada"]},
    "issue_token": {"path.user": [SERVICE_ACCOUNT]},
    "invite_user": {"path.user": [NEWCOMER]},
    "reset_user": {"path.user": [NEWCOMER]},
}
"""Existing values that only one operation needs, by operation."""

CONTRACT: Final = json.loads((ROOT / "openapi/openapi.json").read_text("utf-8"))
"""The committed contract, so that a change to the application alone is a failure."""

OPERATIONS: Final = [
    operation["operationId"]
    for operations in CONTRACT["paths"].values()
    for operation in operations.values()
]
HOST: Final = "testserver"


def schema_of(operation: str) -> BaseSchema:
    """Return one operation of the served document, with likely values for its parameters."""
    action = operation.removesuffix("_deployment")
    values = {
        **VALUES,
        **({"path.deployment": ALLOWING[action]} if action in ALLOWING else {}),
        **VALUES_BY_OPERATION.get(operation, {}),
    }
    # if few deployments or claims allow the operation, use only those
    probability = 1.0 if action in ALLOWING or operation in VALUES_BY_OPERATION else 0.9
    config = {
        "seed": 1,
        "request-timeout": 60,  # a busy machine may need more than the usual 10 s
        "generation": {"deterministic": True, "max-examples": 20},
        "auth": {"openapi": {"bearer": {"bearer": token_secret(OWNER)}}},
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ACCEPTING},
            "negative_data_rejection": {"expected-statuses": REFUSING},
        },
        "dictionaries": {name: {"values": list(values)} for name, values in values.items()},
        "parameters": {name: {"dictionary": name, "probability": probability} for name in values},
    }
    schema = schemathesis.openapi.from_dict(CONTRACT, config=SchemathesisConfig.from_dict(config))
    return schema.include(operation_id=operation)


async def issue_token(api: Api, token: UUID) -> None:
    """Issue another token with this id to ada."""
    ledger = api.ledger
    ada = build_user("ada", UserKind.HUMAN, roles=(), groups=(), at=NOON)
    secret = f"token-of-ada-{token}"
    await ensure_user_with_token(
        ledger, ledger.reads, ada, secret, label="spare", at=NOON, new_id=lambda: token
    )


async def add_restrictions(api: Api, service: str, reason: Deployment) -> None:
    """Add a version block and a promotion hold for a service in an unused environment."""
    block = VersionBlock(
        service=service,
        environment="development",
        version="1.0.0",
        at=NOON,
        by="ada",
        reason="It was slow.",
        deployment_id=reason.id,
        number=reason.number,
    )
    hold = AutoPromotionHold(
        service=service,
        environment="development",
        version="1.0.0",
        at=NOON,
        by="ada",
        deployment_id=reason.id,
        number=reason.number,
    )

    def add_both(uow: UnitOfWork) -> None:
        uow.restrictions.put_block(block, an_event(EventKind.VERSION_BLOCKED))
        uow.restrictions.put_hold(hold, an_event(EventKind.HOLD_SET))

    await api.app.state.context.ledger.perform(add_both)


async def add_freeze(api: Api, freeze: UUID) -> None:
    """Add a freeze with this id that affects no deployment."""
    scope = FreezeScope(service="shop-0", environment="staging", tier=Tier.TEST)
    request = FreezeRequest(effect=Effect.DENY, scope=scope, reason="The sale.")
    action = partial(
        impose_freeze,
        request=request,
        command=Command(actor=SYSTEM, at=NOON),
        id=freeze,
        new_id=an_id,
    )
    await api.app.state.context.ledger.perform(action)


async def add_claim(api: Api, service: str, claim: UUID, *, at: datetime = NOON) -> None:
    """Claim the next queued deployment of a service for one minute."""
    workers = replace(SYSTEM, name="crew", grants=(Grant(role=Role.WORKER, service=service),))
    action = partial(
        claim_next,
        command=Command(actor=workers, at=at),
        worker="berlin-1",
        lease=timedelta(minutes=1),
        id=claim,
    )
    await api.app.state.context.ledger.perform(action)


async def add_claims(api: Api) -> None:
    """Add active and expired claims on deployments that no freeze affects."""
    for service in SERVICES[12:]:
        await api.deployment(Status.QUEUED, service=service)
    for service, claim in zip(SERVICES[12:15], CLAIMS, strict=True):
        await add_claim(api, service, claim)
    for service in SERVICES[15:]:
        await add_claim(api, service, an_id(), at=NOON - timedelta(minutes=1))


async def add_emergencies(api: Api) -> None:
    """Add break-glass deployments, frozen deployments, version blocks and holds."""
    for number in ALLOWING["close_after_review"]:
        path, incident = f"/deployments/{number}/break-glass", {"incident": "INC-1"}
        body = {**incident, "reason": "It cannot wait."}
        ok_json(await api.post(path, body, headers=auth_header("eve")))
    for number in ALLOWING["withdraw_approval"]:
        ok_json(await api.post(f"/deployments/{number}/approve", {}, headers=auth_header(OWNER)))
    for service in SERVICES[:6]:
        await api.create_deployment(service=service, environment="staging")
    freeze = {"scope": {"environment": "staging"}, "reason": "The sale."}
    created_json(await api.post("/freezes", freeze))
    first = await api.app.state.context.reads.deployment(1)
    for service in SERVICES:
        await add_restrictions(api, service, first)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """Return an application with data for every operation."""
    database = tmp_path_factory.mktemp("contract") / "gatepost.db"

    async def fill() -> None:
        await create_database(database, *SERVICES, *SPARE_SERVICES)
        async with running_api(database, FrozenClock()) as api:
            for name, kind in (
                (SERVICE_ACCOUNT, UserKind.SERVICE),
                (NEWCOMER, UserKind.HUMAN),
            ):
                created_json(await api.post("/users", {"name": name, "kind": kind}))
            for token in TOKENS:
                await issue_token(api, token)
            ok_json(await api.put("/services/shop-0/targets/staging", TARGET))
            for service, status in DEPLOYMENTS:
                await api.deployment(status, service=service)
            for freeze in FREEZES:
                await add_freeze(api, freeze)
            for service in SERVICES[:12]:
                record = {"service": service, "environment": "production", "version": "1.0.0"}
                created_json(await api.post("/deployments/record", record))
            await add_emergencies(api)
            await add_claims(api)

    @asynccontextmanager
    async def open_api(app: Litestar) -> AsyncIterator[None]:
        # schemathesis sends invalid tokens too, and must not be throttled
        async with running_api(database, FrozenClock(), app, failures_a_minute=10_000) as api:
            api.app.state.context.change_signal.close()  # claims must not wait for work
            yield

    asyncio.run(fill())
    return create_app(resources=open_api, allowed_hosts=frozenset({HOST}))


Send = Callable[[str, Case[Any]], Response]
"""Sends a case of an operation, and checks that the response conforms to the contract."""


@pytest.fixture(scope="module", autouse=True)
def shared_texts() -> Iterator[None]:
    """Build the strategies for texts once for all operations."""
    with texts_of_patterns_shared():
        yield


@pytest.fixture(scope="module")
def send(request: pytest.FixtureRequest, server_url: str | None) -> Iterator[Send]:
    """Send cases to the running server, or else to the application in this process."""
    if server_url is not None:
        with RunningServer(server_url, request.config.getoption("token")) as server:
            yield server.send
        return
    application = request.getfixturevalue("application")

    def send_in_process(_: str, case: Case[Any]) -> Response:
        case.operation.schema.app = application  # the checks send further requests to it
        case.operation.app = application
        return case.call_and_validate(f"http://{HOST}", app=application)

    with applications_in_this_thread():
        yield send_in_process


@pytest.fixture(scope="module")
def statuses() -> dict[str, set[int]]:
    """Return the statuses that each operation has returned, by operation id."""
    return defaultdict(set)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operation_conforms_to_the_document(
    request: pytest.FixtureRequest, operation: str, send: Send, statuses: dict[str, set[int]]
) -> None:
    """Valid requests are accepted, invalid ones are refused, and responses are documented.

    schemathesis builds the cases of a test when the test is collected. It does so here only when
    the test runs, because every process of a test run collects all tests.
    """

    @schema_of(operation).parametrize()
    def test(case: Case[Any]) -> None:
        response = send(operation, case)

        statuses[operation].add(response.status_code)

    hook = request.node.ihook
    collector = hook.pytest_pycollect_makeitem(collector=request.node.parent, name="test", obj=test)
    (item,) = collector.collect()
    hook.pytest_pyfunc_call(pyfuncitem=item)


def test_every_operation_succeeded_at_least_once(statuses: dict[str, set[int]]) -> None:
    """Every operation has succeeded in a test above, unless it is tested elsewhere.

    304 is a success too: most cases send an ETag that may be current.
    """
    assert set(statuses) in (set(), set(OPERATIONS))
    unsuccessful = {name for name, seen in statuses.items() if not seen & {200, 201, 304}}
    assert unsuccessful <= TESTED_ELSEWHERE
