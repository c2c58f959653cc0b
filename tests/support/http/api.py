"""The API in this process: requests, expected problems and stored rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, Final

import httpx2
from litestar import Litestar
from sqlalchemy import URL

from gatepost_api.app import create_app
from gatepost_api.auth.denial_aggregating_ledger import DenialAggregatingLedger
from gatepost_api.http.app_context import AppContext
from gatepost_api.http.failed_attempts import FAILURES_PER_MINUTE, FailedAttemptLimiter
from gatepost_api.problem_catalog.problem_lookup import PROBLEMS
from gatepost_api.server.bootstrap import (
    DEFAULT_ENVIRONMENTS,
    OWNER,
    build_user,
    ensure_user_with_token,
)
from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from gatepost_domain.catalog.policy import DEFAULT_POLICIES
from gatepost_domain.catalog.tier import Tier
from gatepost_domain.status_transitions import ACTIONS_REQUIRING_NOTE, Action, Status
from gatepost_persistence.ledger.sql_ledger import SqlLedger
from gatepost_persistence.postgres.ledger import PostgresLedger
from gatepost_persistence.sqlite.ledger import SqliteLedger
from gatepost_persistence.tables.all_tables import METADATA
from tests.support.builders import NOON, QA_THEN_DEVOPS, FrozenClock, an_id, create_catalog
from tests.support.http.documented_responses import require_declared, require_documented
from tests.support.memory.ledger import InMemoryLedger
from tests.support.storage.ledgers import query_sqlite
from tests.support.storage.postgres_cluster import execute_sql, run_in_thread

Json = dict[str, Any]

PREFIX: Final = "/api/v1"
HOST: Final = "gatepost.example"

POLICIES: Final = {
    "development": (Tier.DEVELOPMENT, DEFAULT_POLICIES[Tier.DEVELOPMENT]),
    "test": DEFAULT_ENVIRONMENTS["test"],
    "staging": (Tier.STAGING, DEFAULT_POLICIES[Tier.STAGING]),
    "production": (Tier.PRODUCTION, QA_THEN_DEVOPS),
}
"""One environment per tier.

In test, deployments need no approval, start automatically and are performed by workers.
"""

ACTIONS_TO_REACH: Final[Mapping[Status, tuple[Action, ...]]] = {
    Status.PENDING_APPROVAL: (),
    Status.APPROVED: (Action.APPROVE, Action.APPROVE),
    Status.QUEUED: (),
    Status.STARTED: (Action.APPROVE, Action.APPROVE, Action.START),
    Status.SUCCEEDED: (Action.APPROVE, Action.APPROVE, Action.START, Action.SUCCEED),
    Status.FAILED: (Action.APPROVE, Action.APPROVE, Action.START, Action.FAIL),
    Status.REJECTED: (Action.REJECT,),
    Status.CANCELLED: (Action.CANCEL,),
    Status.ROLLED_BACK: (Action.APPROVE, Action.APPROVE, Action.START, Action.ROLLBACK),
}
"""The actions that lead to each status: in test for `queued`, and in production for the others."""


PEOPLE: Final = (OWNER, "ada", "bo", "quinn", "devin", "olga", "eve")
"""Users with every role and every group of the policies, unless a test restricts them.

The secret of a user's token contains the user's name.
"""


def auth_header(name: str) -> dict[str, str]:
    """Return the header that authenticates as a user."""
    return {"Authorization": f"Bearer {token_secret(name)}"}


def token_secret(name: str) -> str:
    """Return the secret of a user's token."""
    return f"token-of-{name}"


def deployment_body(*without: str, **changes: Any) -> Json:
    """Build the body of a complete request for shop 1.0.0 in production."""
    body: Json = {
        "service": "shop",
        "environment": "production",
        "version": "1.0.0",
        "work_references": ["SHOP-1"],
        "rollback_plan": "Redeploy the version before.",
        "risk": "Checkout may be slow for a minute.",
    }
    return {name: value for name, value in (body | changes).items() if name not in without}


def action_path_segment(action: Action) -> str:
    """Return the last segment of an action's path."""
    return action.replace("_", "-")


def action_body(action: Action, *, gate: str = "order") -> Json:
    """Build the complete body of an action. An override applies to this gate."""
    match action:
        case Action.OVERRIDE:
            return {"gate": gate, "reason": "It cannot wait."}
        case Action.BREAK_GLASS:
            return {"reason": "It cannot wait.", "incident": "INC-1"}
        case Action.AFTER_REVIEW:
            return {"verdict": "justified", "note": "So it was."}
        case Action.PROMOTE:
            return {"risk": "None known."}
        case _:
            return {"note": "So be it."} if action in ACTIONS_REQUIRING_NOTE else {}


Database = Path | URL
"""A SQLite file, or the URL of a PostgreSQL database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The application with its clock and its database: a SQLite file, or one of PostgreSQL."""

    app: Litestar
    client: httpx2.AsyncClient
    clock: FrozenClock
    database: Database
    ledger: SqlLedger

    @property
    def file(self) -> Path:
        """The SQLite file."""
        assert isinstance(self.database, Path)
        return self.database

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        return await self.client.get(f"{PREFIX}{path}", **options)

    async def post(self, path: str, json: object = None, **options: Any) -> httpx2.Response:
        if json is not None:
            options["json"] = json
        return await self.client.post(f"{PREFIX}{path}", **options)

    async def put(self, path: str, json: object, **options: Any) -> httpx2.Response:
        return await self.client.put(f"{PREFIX}{path}", json=json, **options)

    async def create_deployment(self, **changes: Any) -> Json:
        """Request a deployment, by default as ada."""
        by = auth_header(changes.pop("by", "ada"))
        return created_json(await self.post("/deployments", deployment_body(**changes), headers=by))

    async def perform(
        self, deployment: Json, action: Action, *, actor: str = OWNER, **options: Any
    ) -> httpx2.Response:
        """Perform an action on a deployment, with a note if the action requires one."""
        headers = auth_header(actor) | options.pop("headers", {})
        path = f"/deployments/{deployment['number']}/{action_path_segment(action)}"
        return await self.post(path, action_body(action), headers=headers, **options)

    async def deployment(self, status: Status, **changes: Any) -> Json:
        """Create a deployment with this status, requested by ada, reviewed by quinn and devin."""
        environment = "test" if status is Status.QUEUED else "production"
        deployment = await self.create_deployment(**{"environment": environment, **changes})
        for action, actor in zip(
            ACTIONS_TO_REACH[status], ("quinn", "devin", OWNER, OWNER), strict=False
        ):
            deployment = ok_json(await self.perform(deployment, action, actor=actor))
        assert deployment["status"] == status
        return deployment

    async def create_user(self, name: str, **changes: Any) -> None:
        """Create a user with the options of `store_user`."""
        await store_user(self.ledger, name, **changes)

    async def version(self, version: str, service: str = "shop") -> None:
        created_json(await self.post(f"/services/{service}/versions", {"version": version}))

    async def events(self, deployment: Json) -> list[Json]:
        page = ok_json(await self.get(f"/deployments/{deployment['number']}/events"))
        items: list[Json] = page["items"]
        return items

    async def list_all(self, path: str, **filters: Any) -> list[Json]:
        """Return all items of a list, page by page."""
        items: list[Json] = []
        page: Json = {"next_cursor": None}
        while True:
            cursor = {} if page["next_cursor"] is None else {"cursor": page["next_cursor"]}
            page = ok_json(await self.get(path, params={**filters, **cursor}))
            items += page["items"]
            if page["next_cursor"] is None:
                return items

    def row_counts(self) -> Mapping[str, int]:
        """Return the number of rows in each table, and the latest `seq`.

        When workers were last seen does not count, because it is not a part of the history.
        """
        tables = METADATA.tables.keys() - {"workers"}
        columns = ", ".join(f"(SELECT count(*) FROM {name})" for name in tables)
        statement = f"SELECT {columns}, (SELECT max(seq) FROM deployment_events)"  # our names
        (row,) = self._query(statement)
        return dict(zip((*tables, "last seq"), row, strict=True))

    def _query(self, statement: str) -> list[tuple[Any, ...]]:
        if isinstance(self.database, URL):
            return run_in_thread(execute_sql(self.database, statement))
        return query_sqlite(self.database, statement)

    @contextmanager
    def assert_nothing_stored(self) -> Iterator[None]:
        """Check that the block adds no rows."""
        before = self.row_counts()
        yield
        assert self.row_counts() == before


@cache
def shared_app() -> Litestar:
    """Return the application that all tests share, because creating one takes long."""
    return create_app(allowed_hosts=frozenset({HOST}))


def owner_client(app: Any) -> httpx2.AsyncClient:
    """Return the owner's client for an application, for overlapping requests."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=f"http://{HOST}",
        headers=auth_header(OWNER),
        event_hooks={"response": [require_documented]},
    )


async def create_database(database: Database, *services: str) -> None:
    """Create a database with users, one environment per tier, and services with version 1.0.0.

    The users have just used their tokens, so that the requests of a test do not record it again.
    """
    ledger: SqlLedger
    if isinstance(database, URL):
        ledger = await PostgresLedger.open(database)
    else:
        ledger = await SqliteLedger.open(database)
    await create_catalog(ledger, services=services, policies=POLICIES)
    for name in PEOPLE:
        await store_user(ledger, name)
    await ledger.close()
    async with running_api(database, FrozenClock()) as api:
        for name in PEOPLE:
            ok_json(await api.get("/me", headers=auth_header(name)))


async def store_user(
    ledger: SqlLedger | InMemoryLedger,
    name: str,
    *,
    roles: tuple[Role, ...] = tuple(Role),
    groups: tuple[str, ...] = ("qa", "devops"),
    kind: UserKind = UserKind.HUMAN,
) -> None:
    """Store a user with a token that never expires."""
    user = build_user(name, kind, roles=roles, groups=groups, at=NOON)
    await ensure_user_with_token(
        ledger, ledger.reads, user, token_secret(name), label="test", at=NOON, new_id=an_id
    )


@asynccontextmanager
async def running_api(
    database: Database,
    clock: FrozenClock,
    app: Litestar | None = None,
    *,
    failures_a_minute: int = FAILURES_PER_MINUTE,
) -> AsyncIterator[Api]:
    """Run the application over a database that `create_database` has created."""
    ledger: PostgresLedger | SqliteLedger  # neither needs a migration
    if isinstance(database, URL):
        ledger = PostgresLedger(database, lambda _: None)
    else:
        ledger = SqliteLedger(database, lambda _: None, monotonic)
    context = AppContext(
        ledger=DenialAggregatingLedger(ledger),
        reads=ledger.reads,
        audit_reads=ledger.reads,
        now=clock,
        new_id=an_id,
        failed_attempts=FailedAttemptLimiter(failures_a_minute),
        storage_failure=lambda: ledger.failure,
        is_shutting_down=lambda: True,  # event streams end after the last event
    )
    app = app or shared_app()
    app.state.context = context
    async with owner_client(app) as client:
        yield Api(app=app, client=client, clock=clock, database=database, ledger=ledger)
    await ledger.close()


def ok_json(response: httpx2.Response) -> Json:
    """Check that the response is 200 and return its body."""
    assert response.status_code == httpx2.codes.OK, response.text
    body: Json = response.json()
    return body


def created_json(response: httpx2.Response) -> Json:
    """Check that the response is 201 and return its body."""
    assert response.status_code == httpx2.codes.CREATED, response.text
    body: Json = response.json()
    return body


def assert_problem(response: httpx2.Response, status: int, code: str, *pointers: str) -> Json:
    """Check that the response is this problem with errors at exactly these pointers; return it."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    body: Json = response.json()
    assert body["type"] == f"/docs/problems#{code}"
    assert status in PROBLEMS[code].statuses
    require_declared(response.request.method, body["instance"], status, code)
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == response.request.url.path
    assert body["request_id"] == response.headers["X-Request-ID"]
    assert tuple(error["pointer"] for error in body["errors"]) == pointers
    assert all(error["detail"] for error in body["errors"])
    return body
