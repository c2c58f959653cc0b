"""Answering 304 for the current state without reading it, while other things are stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, auth_header, created_json, ok_json
from tests.support.storage.statement_trace import recorded_accesses

PATHS: Final = (
    "/deployments/current",
    "/services/shop/deployments/current",
    "/environments/production/deployments/current",
)

LATER: Final = timedelta(seconds=2)
"""Longer than a complete response is kept, shorter than the use of a token stays unrecorded."""


async def record(api: Api, at: str = "2026-11-20T00:00:00Z") -> Any:
    body = {"service": "shop", "environment": "production", "version": "1.0.0", "deployed_at": at}
    return created_json(await api.post("/deployments/record", body))


async def request_another(api: Api) -> None:
    await api.create_deployment()


async def approve(api: Api) -> None:
    await api.deployment(Status.APPROVED)


async def queue(api: Api) -> None:
    """Queue a deployment in another lane, which has no cell."""
    await api.deployment(Status.QUEUED)


async def start(api: Api) -> None:
    await api.deployment(Status.STARTED)


async def succeed(api: Api) -> None:
    await api.deployment(Status.SUCCEEDED)


async def start_and_fail(api: Api) -> None:
    await api.deployment(Status.FAILED)


async def roll_back(api: Api) -> None:
    await api.deployment(Status.ROLLED_BACK)


async def record_newer(api: Api) -> None:
    await record(api, "2026-11-20T00:00:01Z")


async def record_older(api: Api) -> None:
    await record(api, "2026-11-19T00:00:00Z")


async def hide(api: Api) -> None:
    numbers = [cell["number"] for cell in (await current(api))["cells"]]
    ok_json(await api.post(f"/deployments/{numbers[0]}/hide", {"reason": "A mistake."}))


async def retire(api: Api) -> None:
    path = "/api/v1/services/shop/targets/production"
    ok_json(await api.client.delete(path))


async def age(api: Api) -> None:
    """Let the live deployment become 30 days old."""
    api.clock.advance(timedelta(days=30))


async def current(api: Api) -> Any:
    return ok_json(await api.get("/deployments/current"))


CHANGES: Final[dict[Callable[[Api], Awaitable[None]], bool]] = {
    request_another: False,
    approve: False,
    queue: False,
    start: True,
    succeed: True,
    start_and_fail: False,
    roll_back: False,
    record_newer: True,
    record_older: False,
    hide: True,
    retire: True,
    age: True,
}
"""Whether each change shows in the current state."""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("change", "shows"), CHANGES.items(), ids=[change.__name__ for change in CHANGES]
)
async def test_client_gets_304_exactly_while_the_state_is_the_same(
    api: Api, change: Callable[[Api], Awaitable[None]], path: str, *, shows: bool
) -> None:
    """The answer agrees with that to a client without an ETag, which is read from the database."""
    await record(api)
    etag = (await api.get(path)).headers["ETag"]

    await change(api)
    conditional = await api.get(path, headers={"If-None-Match": etag})
    api.clock.advance(LATER)
    complete = await api.get(path)

    assert (conditional.status_code == 200, complete.headers["ETag"] != etag) == (shows, shows)


async def test_complete_response_contains_the_latest_seq(api: Api) -> None:
    """Only a 304 outlives a commit: a complete response names the latest event."""
    await record(api)
    first = await current(api)

    await api.create_deployment()

    assert (await current(api))["seq"] > first["seq"]


async def test_other_commits_do_not_make_the_state_be_read_again(api: Api) -> None:
    """A 304 needs the counts of changes, and neither the token nor the cells."""
    await record(api)
    etag = (await api.get("/deployments/current")).headers["ETag"]

    for _ in range(3):
        await api.create_deployment()
        api.clock.advance(LATER)
        with recorded_accesses() as accesses:
            response = await api.get("/deployments/current", headers={"If-None-Match": etag})

        assert (response.status_code, accesses) == (304, set())


async def test_revoked_token_and_disabled_user_are_refused_at_once(api: Api) -> None:
    """Although the state is unchanged."""
    await record(api)
    for name, revoke in (("eve", _revoke_token), ("bo", _disable)):
        headers = auth_header(name)
        etag = (await api.get("/deployments/current", headers=headers)).headers["ETag"]
        headers["If-None-Match"] = etag
        before = await api.get("/deployments/current", headers=headers)

        await revoke(api, name)
        after = await api.get("/deployments/current", headers=headers)

        assert (before.status_code, after.status_code) == (304, 401)


async def _revoke_token(api: Api, name: str) -> None:
    (token,) = await api.list_all(f"/users/{name}/tokens")
    response = await api.client.delete(f"/api/v1/users/{name}/tokens/{token['id']}")
    assert response.status_code < 300, response.text


async def _disable(api: Api, name: str) -> None:
    ok_json(await api.client.patch(f"/api/v1/users/{name}", json={"disabled": True}))


async def test_cached_304_is_only_for_the_same_etag(api: Api) -> None:
    """Another ETag, or none, gets the complete state."""
    await record(api)
    etag = (await api.get("/deployments/current")).headers["ETag"]
    await api.create_deployment()

    other = await api.get("/deployments/current", headers={"If-None-Match": '"0"'})
    weak = await api.get("/deployments/current", headers={"If-None-Match": f'"0", W/{etag}'})

    assert (other.status_code, weak.status_code) == (200, 304)


async def test_rolled_back_deployment_shows_again(api: Api) -> None:
    """The previous deployment is live again, with its own ETag."""
    await record(api)
    before = (await api.get("/deployments/current")).headers["ETag"]
    deployment = await api.deployment(Status.SUCCEEDED)
    while_live = (await api.get("/deployments/current")).headers["ETag"]

    ok_json(await api.perform(deployment, Action.ROLLBACK))
    headers = {"If-None-Match": while_live}
    after = await api.get("/deployments/current", headers=headers)

    assert after.status_code == 200
    assert after.headers["ETag"] == before != while_live
