"""The document is kept: schemathesis asks for what it allows and what it forbids, and judges."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, cast
from uuid import UUID

import pytest
import schemathesis
from litestar import Litestar
from schemathesis import Case, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.schemas import BaseSchema

from gatepost_api.app import create_app
from gatepost_api.openapi.document import openapi_document
from gatepost_api.server.bootstrap import OWNER, build_user, ensure_user_with_token
from gatepost_domain.access.actor import SYSTEM
from gatepost_domain.access.command import Command
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.actions.deployments.claims import claim_next
from gatepost_domain.actions.freezes.freezes import impose_freeze
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.event import EventKind
from gatepost_domain.freezes.freeze import Effect, FreezeRequest, FreezeScope
from gatepost_domain.gates.restrictions import PromotionHold, VersionBlock
from gatepost_domain.ports.unit_of_work import UnitOfWork
from gatepost_domain.status import Action, Status
from tests.support.api import (
    PEOPLE,
    POLICIES,
    Api,
    auth_header,
    create_database,
    created_json,
    ok_json,
    running_api,
)
from tests.support.builders import NOON, FrozenClock, an_event, an_id

SERVICES: Final = [f"shop-{number}" for number in range(24)]
SPARE: Final = ["spare-1", "spare-2"]
IN_TURN: Final = (
    Status.SUCCEEDED,
    Status.FAILED,
    Status.ROLLED_BACK,
    Status.REJECTED,
    Status.CANCELLED,
    Status.QUEUED,
    Status.PENDING_APPROVAL,
    Status.APPROVED,
)
"""Of these each idle service has one, the approved last, so that nothing newer keeps it waiting."""

ASKED: Final = [
    *((service, status) for service in SERVICES[:12] for status in IN_TURN),
    *((service, Status.STARTED) for service in SERVICES[12:]),
]
"""What the application holds: the service and the status of DEP-1, DEP-2 and so on."""


def numbers(status: Status) -> list[str]:
    """The deployments that are in this status, to begin with."""
    return [f"DEP-{n}" for n, (_, each) in enumerate(ASKED, start=1) if each is status]


FITTING: Final[Mapping[str, list[str]]] = {
    Action.APPROVE: numbers(Status.PENDING_APPROVAL)[::4],
    Action.REJECT: numbers(Status.PENDING_APPROVAL)[1::4],
    Action.BREAK_GLASS: numbers(Status.PENDING_APPROVAL)[2::4],
    "close_after_review": numbers(Status.PENDING_APPROVAL)[3::4],  # whose glass is broken
    Action.CANCEL: numbers(Status.QUEUED),
    Action.START: numbers(Status.APPROVED),
    Action.SUCCEED: numbers(Status.STARTED)[::2],
    Action.FAIL: numbers(Status.STARTED)[1::2],
    Action.ROLLBACK: numbers(Status.SUCCEEDED)[::2] + numbers(Status.FAILED),
    Action.PROMOTE: numbers(Status.SUCCEEDED)[1::2],
    "hide": [f"DEP-{len(ASKED) + number}" for number in range(1, 13)],  # they are records
    "override_gate": [f"DEP-{len(ASKED) + number}" for number in range(13, 19)],  # frozen
}
"""For each action some deployments that admit it, and that no other action is tried on."""

TOKENS: Final = [UUID(int=(7 << 76) + (1 << 48) + number) for number in range(9)]
"""Tokens of ada's, which nobody needs."""

FREEZES: Final = [UUID(int=(7 << 76) + (2 << 48) + number) for number in range(9)]
"""Freezes of what nobody deploys, to be lifted."""

CLAIMS: Final = [UUID(int=(7 << 76) + (3 << 48) + number) for number in range(3)]
"""Claims that are renewed, reported to and finished, whose fencing tokens are 1, 2 and 3."""

KNOWN: Final[Mapping[str, list[str]]] = {
    "path.user": [name for name in PEOPLE if name != OWNER],  # who asks must not be disabled
    "path.token": [str(token) for token in TOKENS],
    "path.freeze": [str(freeze) for freeze in FREEZES],
    "path.service": SERVICES,
    "path.environment": list(POLICIES),
    "path.version": ["1.0.0"],
    "path.deployment": [f"DEP-{n}" for n, _ in enumerate(ASKED, start=1)],
    "body.service": SERVICES,
    "body.environment": list(POLICIES),
    "body.version": ["1.0.0"],
    "header.If-Match": ["*", "*", '"1"', '"3"'],
    "header.If-None-Match": ["*", '"1"', '"3"'],
}
"""What there is to ask for; by chance alone, next to nothing would be found."""

TARGET: Final = {"executor": {"kind": "simulated"}}

KNOWN_TO: Final[Mapping[str, Mapping[str, Sequence[str | int]]]] = {
    "change_environment": {"path.environment": ["development"]},
    "change_service": {"path.service": SPARE},
    "create_deployment": {"body.environment": ["staging", "test"]},  # no version is blocked there
    "preview_deployment": {"body.environment": ["staging", "test"]},
    "override_gate": {"body.gate": ["freeze"]},
    "promote_deployment": {"body.environment": ["test"], "header.If-Match": ["*"]},
    "release_hold": {"path.environment": ["development"]},
    "unblock_version": {"body.environment": ["development"]},
    "renew_claim": {"path.claim": [str(CLAIMS[0])], "body.fencing_token": [1]},
    "report_steps": {"path.claim": [str(CLAIMS[1])], "body.fencing_token": [2]},
    "finish_claim": {"path.claim": [str(CLAIMS[2])], "body.fencing_token": [3]},
    "get_target": {"path.service": ["shop-0"], "path.environment": ["staging"]},
    "revoke_token": {"path.user": ["ada"]},
}
"""What an operation is tried on: where there is something, and what none of the others needs."""

OPERATIONS: Final = [
    operation["operationId"]
    for operations in openapi_document()["paths"].values()
    for operation in operations.values()
]
HOSTS: Final = frozenset({"testserver", "localhost"})
"""The names by which schemathesis calls an application in its own process."""
APP: Final = create_app(allowed_hosts=HOSTS)


def contract_of(operation: str) -> BaseSchema:
    """One operation of the document as served, and what to ask of it, nine times out of ten."""
    action = operation.removesuffix("_deployment")
    known = {
        **KNOWN,
        **({"path.deployment": FITTING[action]} if action in FITTING else {}),
        **KNOWN_TO.get(operation, {}),
    }
    # what few deployments or claims admit is tried on these alone, or it would be left to chance
    likely = 1.0 if action in FITTING or operation in KNOWN_TO else 0.9
    config = {
        "seed": 1,
        "generation": {"deterministic": True, "max-examples": 40},
        "auth": {"openapi": {"bearer": {"bearer": "token-of-owner"}}},
        "checks": {
            # Litestar 2 answers OPTIONS with the methods of one of a path's handlers (its issue
            # 4169, mended in 3); the Allow of a 405 is right, and tested with the problems.
            "allow_header_conformance": {"enabled": False},
            # what is too long as a whole is refused for that, before it is read
            "negative_data_rejection": {"expected-statuses": [400, 401, 404, 409, 413, 415, 422]},
        },
        "dictionaries": {name: {"values": list(values)} for name, values in known.items()},
        "parameters": {name: {"dictionary": name, "probability": likely} for name in known},
    }
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", APP, config=SchemathesisConfig.from_dict(config)
    )
    return schema.include(operation_id=operation)


for _kind in ("application/x-ndjson", "text/csv"):  # sent as whatever bytes were drawn
    schemathesis.serializer.alias(_kind, "application/octet-stream")


@schemathesis.hook
def filter_failure(
    _context: HookContext, failure: Failure, _case: Case[Any], response: Response
) -> bool:
    """A request as the document wants it may still break a rule that no schema can state.

    Then it is refused with the rule's own code; `invalid`, the code of a wrong shape, is a failure
    but for 4.0, which is an integer to JSON Schema and none to us.
    """
    if not isinstance(failure, RejectedPositiveData):
        return True
    refusal = response.json()
    return refusal["code"] == "invalid" and "got `float`" not in refusal["detail"]


async def issue(api: Api, token: UUID) -> None:
    """Let ada have one more token, of this id."""
    ledger = api.app.state.context.ledger
    ada = build_user("ada", UserKind.HUMAN, roles=(), groups=(), at=NOON)
    secret = f"token-of-ada-{token}"
    await ensure_user_with_token(
        ledger, ledger.reads, ada, secret, label="spare", at=NOON, new_id=lambda: token
    )


async def restrict(api: Api, service: str, reason: Deployment) -> None:
    """Have its version blocked, and its automatic promotion held, where nobody deploys it."""
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
    hold = PromotionHold(
        service=service,
        environment="development",
        version="1.0.0",
        at=NOON,
        by="ada",
        deployment_id=reason.id,
        number=reason.number,
    )

    def keep(uow: UnitOfWork) -> None:
        uow.restrictions.add_block(block, an_event(EventKind.VERSION_BLOCKED))
        uow.restrictions.add_hold(hold, an_event(EventKind.HOLD_SET))

    await api.app.state.context.ledger.perform(keep)


async def impose(api: Api, freeze: UUID) -> None:
    """Have a freeze of this id, which is in nobody's way."""
    scope = FreezeScope(service="shop-0", environment="staging", tier=Tier.TEST)
    asked = FreezeRequest(effect=Effect.DENY, scope=scope, reason="The sale.")
    imposing = partial(
        impose_freeze,
        request=asked,
        command=Command(actor=SYSTEM, at=NOON),
        id=freeze,
        new_id=an_id,
    )
    await api.app.state.context.ledger.perform(imposing)


async def take(api: Api, service: str, claim: UUID, *, at: datetime = NOON) -> None:
    """Let a worker claim what is queued for a service under this id, for a minute."""
    crew = replace(SYSTEM, name="crew", grants=(Grant(role=Role.WORKER, service=service),))
    claiming = partial(
        claim_next,
        command=Command(actor=crew, at=at),
        worker="berlin-1",
        lease=timedelta(minutes=1),
        id=claim,
    )
    await api.app.state.context.ledger.perform(claiming)


async def have_claims(api: Api) -> None:
    """Have claims that hold, and others that can be taken over, which no freeze prevents."""
    for service in SERVICES[12:]:
        await api.deployment(Status.QUEUED, service=service)
    for service, claim in zip(SERVICES[12:15], CLAIMS, strict=True):
        await take(api, service, claim)
    for service in SERVICES[15:]:
        await take(api, service, an_id(), at=NOON - timedelta(minutes=1))


async def go_round(api: Api) -> None:
    """Have broken glasses, deployments that a freeze keeps, blocked versions and holds."""
    for number in FITTING["close_after_review"]:
        path, glass = f"/deployments/{number}/break-glass", {"incident": "INC-1"}
        said = {**glass, "reason": "It cannot wait."}
        ok_json(await api.post(path, said, headers=auth_header("eve")))
    for service in SERVICES[:6]:
        await api.create_deployment(service=service, environment="staging")
    frozen = {"scope": {"environment": "staging"}, "reason": "The sale."}
    created_json(await api.post("/freezes", frozen))
    first = await api.app.state.context.reads.deployment(1)
    for service in SERVICES:
        await restrict(api, service, first)


@pytest.fixture(scope="module")
def gatepost(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """An application that holds something of everything."""
    database = tmp_path_factory.mktemp("contract") / "gatepost.db"

    async def fill() -> None:
        await create_database(database, *SERVICES, *SPARE)
        async with running_api(database, FrozenClock()) as api:
            for token in TOKENS:
                await issue(api, token)
            ok_json(await api.put("/services/shop-0/targets/staging", TARGET))
            for service, status in ASKED:
                await api.deployment(status, service=service)
            for freeze in FREEZES:
                await impose(api, freeze)
            for service in SERVICES[:12]:
                told = {"service": service, "environment": "production", "version": "1.0.0"}
                created_json(await api.post("/deployments/record", told))
            await go_round(api)
            await have_claims(api)

    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncIterator[None]:
        # schemathesis tries wrong tokens as well, and is not to be kept waiting for it
        async with running_api(database, FrozenClock(), app, failures_a_minute=10_000) as api:
            api.app.state.context.change_signal.close()  # nor for something to do
            yield

    asyncio.run(fill())
    return create_app(lifespan=[opened], allowed_hosts=HOSTS)


PROVEN_ELSEWHERE = {"exchange_token", "get_contract_file", "import_history"}
"""What succeeds only with another party's signature or a file of rows, or with slashes in its path,
which schemathesis never sends; see `test_pipelines`, `test_imports` and `test_contracts` in
`integration/api`."""


@pytest.fixture(scope="module")
def answers() -> dict[str, set[int]]:
    """The statuses that each operation was seen to answer with, by its id."""
    return defaultdict(set)


def checking(operation: str) -> Callable[..., None]:
    """One test for each operation: pytest 9 and schemathesis give them all one name otherwise."""

    @contract_of(operation).parametrize()
    def test(case: Case[Any], gatepost: Litestar, answers: dict[str, set[int]]) -> None:
        """What is allowed is taken, what is forbidden is refused, and every answer is declared."""
        response = case.call_and_validate(app=gatepost)

        answers[operation].add(response.status_code)

    return cast("Callable[..., None]", test)


for _operation in OPERATIONS:
    globals()[f"test_{_operation}_keeps_the_document"] = checking(_operation)


def test_every_operation_was_seen_to_succeed(answers: dict[str, set[int]]) -> None:
    """The tests above have not only knocked at closed doors."""
    assert set(answers) in (set(), set(OPERATIONS))
    unseen = {name for name, statuses in answers.items() if not statuses & {200, 201}}
    assert unseen <= PROVEN_ELSEWHERE
