"""Repositories and prebuilt statements access the tables that decision 11 lists for them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from gatepost_api.http.caller_cache import CallerCache
from gatepost_api.http.encoded_item_cache import EncodedItemCache
from gatepost_api.http.response_cache import ResponseCache
from gatepost_domain.access.users import UserKind
from tests.support.builders import FrozenClock
from tests.support.http.api import Api, Json, auth_header, running_api
from tests.support.http.identity_provider import running_provider
from tests.support.http.operation_requests import REQUESTS
from tests.support.http.request_builders import OperationRequest
from tests.support.http.sign_in import configure_provider
from tests.support.http.users import post_user
from tests.support.storage.access_table import parse_row, table_row, table_rows
from tests.support.storage.statement_trace import Access, recorded_accesses

OPENAPI: Final = Path(__file__).resolve().parents[4] / "openapi" / "openapi.json"
EXCHANGE: Final = "exchange_token"
REPOSITORY_TABLES: Final = {
    "check_runs",
    "environments",
    "freezes",
    "holds",
    "ingest_deliveries",
    "ingest_sources",
    "incidents",
    "notification_channels",
    "notifications",
    "passkeys",
    "policies",
    "protection_answers",
    "services",
    "settings_changes",
    "target_settings",
    "tokens",
    "users",
    "version_blocks",
    "versions",
    "webhook_deliveries",
    "webhooks",
}


async def send(api: Api, request: OperationRequest) -> set[Access]:
    """Send a request to an app with empty caches and return the accesses of its operation."""
    api.app.state.context = replace(
        api.app.state.context,
        caller_cache=CallerCache(),
        encoded_deployments=EncodedItemCache(),
        response_cache=ResponseCache(),
    )
    with recorded_accesses() as accesses:
        response = await api.client.request(
            request.method,
            request.path,
            json=request.json,
            content=request.content,
            params=request.parameters,
            headers=request.headers,
        )
    assert response.is_success, response.text
    return accesses


async def test_table_has_a_row_for_every_operation() -> None:
    """The table lists exactly the operations in the OpenAPI document."""
    paths = json.loads(OPENAPI.read_text("utf-8"))["paths"]
    operations = {
        operation["operationId"] for methods in paths.values() for operation in methods.values()
    }

    assert set(table_rows()) == operations
    assert {*REQUESTS, EXCHANGE} == operations


@pytest.mark.parametrize("operation", REQUESTS)
async def test_operation_accesses_the_tables_of_its_row(operation: str, database: Path) -> None:
    """An operation accesses the tables in its row, on a server that has just started.

    Such a server has cached nothing, so every access is seen.
    """
    clock = FrozenClock()
    async with running_api(database, clock) as api:
        request = REQUESTS[operation]
        if not isinstance(request, OperationRequest):
            request = await request(api)
    async with running_api(database, clock) as api:
        await api.get("/me", headers=request.headers)  # stores when the token was last used
        accesses = await send(api, request)

    assert table_row(operation, accesses) == table_rows()[operation]


async def test_token_exchange_accesses_the_tables_of_its_row(database: Path) -> None:
    """The exchange of a token signed by an identity provider accesses the tables in its row."""
    with running_provider() as provider:
        rule: Json = {"issuer": provider.url, "audience": "gatepost", "user": "pipeline"}
        rule |= {"claims": {"repository": "acme/shop"}, "scopes": [{"role": "requester"}]}
        async with running_api(database, FrozenClock()) as api:
            await post_user(api, "pipeline", by=auth_header("owner"), kind=UserKind.SERVICE)
        async with running_api(database, FrozenClock()) as api:
            configure_provider(api, provider, pipelines=[rule])
            token = provider.token(sub="repo:acme/shop", repository="acme/shop")
            path = "/api/v1/auth/exchange"
            request = OperationRequest(method="POST", path=path, json={"token": token}, headers={})
            del api.client.headers["Authorization"]
            accesses = await send(api, request)

    assert table_row(EXCHANGE, accesses) == table_rows()[EXCHANGE]


async def test_last_use_of_a_token_is_stored_once_a_minute(api: Api) -> None:
    """Any request may store the last use of its token, but only once a minute."""
    write = Access("tokens", is_write=True, by_repository=True)
    await api.create_user("mo")  # with a token that was never used
    request = OperationRequest(method="GET", path="/api/v1/me", headers=auth_header("mo"))

    assert write in await send(api, request)
    assert write not in await send(api, request)
    api.clock.advance(timedelta(minutes=1))
    assert write in await send(api, request)


def test_rows_respect_the_line() -> None:
    """Repositories access only the tables that belong to them.

    Prebuilt statements write to none of those tables, except that an import adds versions, and that
    the deliveries to webhooks, notifications and the progress of sending are stored without an
    event.
    """
    rows = {operation: parse_row(row) for operation, row in table_rows().items()}

    assert {table for by_repository, _ in rows.values() for table in by_repository.accessed} == (
        REPOSITORY_TABLES
    )
    assert {
        (operation, table)
        for operation, (_, by_statement) in rows.items()
        for table in by_statement.written & REPOSITORY_TABLES
    } == {
        ("remove_notification_channel", "notifications"),
        ("remove_webhook", "webhook_deliveries"),
        ("import_history", "versions"),
        ("finish_delivery", "webhook_deliveries"),
        ("finish_delivery", "webhooks"),
        ("finish_notifications", "notification_channels"),
        ("finish_notifications", "notifications"),
        ("resend_notification", "notifications"),
        ("finish_protection_answer", "protection_answers"),
        ("test_notification_channel", "notifications"),
        ("redeliver_event", "webhook_deliveries"),
        ("test_webhook", "webhook_deliveries"),
    }
