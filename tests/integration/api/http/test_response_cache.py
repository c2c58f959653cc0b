"""Responses are kept until something is stored, and a kept response is never a wrong one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Final

from gatepost_domain.status_transitions import Action, Status
from tests.support.http.api import Api, auth_header, ok_json
from tests.support.http.users import patch_user, post_token
from tests.support.storage.statement_trace import recorded_accesses

ADA: Final = auth_header("ada")


async def tables_read(api: Api, path: str, *, headers: dict[str, str] = ADA) -> set[str]:
    """Return the tables that a successful GET request reads."""
    with recorded_accesses() as accesses:
        response = await api.get(path, headers=headers)
    assert response.is_success or response.status_code == 304
    return {access.table for access in accesses}


async def test_repeated_request_reads_nothing(api: Api) -> None:
    """The second response to the same request is equal and needs no query."""
    deployment = await api.create_deployment()
    for path in (
        f"/deployments/{deployment['number']}",
        f"/deployments/{deployment['number']}/events",
        "/deployments?environment=production",
        "/environments/production/deployments/current",
    ):
        await api.get(path, headers=ADA)  # stores when the token was used
        first = await api.get(path, headers=ADA)

        assert await tables_read(api, path) == set()
        second = await api.get(path, headers=ADA)
        assert second.content == first.content
        changing = {"ratelimit": "", "x-request-id": ""}
        assert {**second.headers, **changing} == {**first.headers, **changing}
        assert second.headers["RateLimit"]


async def test_matching_etag_needs_no_query(api: Api) -> None:
    """The first 304 keeps the response, so that the second one reads nothing."""
    deployment = await api.deployment(Status.SUCCEEDED)
    for path in (
        f"/deployments/{deployment['number']}",
        "/environments/production/deployments/current",
    ):
        etag = (await api.get(path, headers=ADA)).headers["ETag"]
        headers = ADA | {"If-None-Match": f'"other", {etag}'}
        assert (await api.get(path, headers=headers)).status_code == 304

        assert await tables_read(api, path, headers=headers) == set()
        unchanged = await api.get(path, headers=headers)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["ETag"] == etag
        assert "Content-Type" not in unchanged.headers
        assert (await api.get(path, headers=ADA)).status_code == 200


async def test_header_is_checked_before_a_kept_response_is_sent(api: Api) -> None:
    """A value of If-None-Match that is too long is refused, whatever is kept."""
    for _ in range(3):
        ok_json(await api.get("/deployments/current", headers=ADA))

    response = await api.get("/deployments/current", headers=ADA | {"If-None-Match": "0" * 1001})

    assert response.status_code == 422


async def test_every_change_shows_at_once(api: Api) -> None:
    """After each action, all reads show the new status, and the old ETag no longer matches."""
    deployment = await api.create_deployment()
    path = f"/deployments/{deployment['number']}"
    etag = ""
    for action, actor, status in (
        (Action.APPROVE, "quinn", Status.PENDING_APPROVAL),
        (Action.APPROVE, "devin", Status.APPROVED),
        (Action.START, "olga", Status.STARTED),
        (Action.SUCCEED, "olga", Status.SUCCEEDED),
    ):
        ok_json(await api.perform(deployment, action, actor=actor))
        response = await api.get(path, headers=ADA | {"If-None-Match": etag})
        page = ok_json(await api.get("/deployments", headers=ADA))

        assert ok_json(response)["status"] == status
        assert page["items"] == [ok_json(response)]
        assert ok_json(await api.get(path, headers=ADA)) == ok_json(response)
        etag = response.headers["ETag"]
    cells = ok_json(await api.get("/deployments/current", headers=ADA))["cells"]
    assert [cell["deployment_id"] for cell in cells] == [deployment["id"]]


async def test_change_by_another_process_shows_at_once(api: Api) -> None:
    """A commit on another connection to the file invalidates the kept responses."""
    await api.create_deployment()
    before = ok_json(await api.get("/deployments", headers=ADA))

    with closing(sqlite3.connect(api.file)) as other, other:
        other.execute("UPDATE deployments SET status = 'rejected', revision = revision + 1")

    after = ok_json(await api.get("/deployments", headers=ADA))
    assert before["items"][0]["status"] == "pending_approval"
    assert after["items"][0]["status"] == "rejected"


async def test_disabled_user_is_refused_at_once(api: Api) -> None:
    """The kept response and the known caller are of no use to a user who was disabled."""
    for _ in range(3):
        ok_json(await api.get("/deployments", headers=ADA))

    await patch_user(api, "ada", disabled=True)

    assert (await api.get("/deployments", headers=ADA)).status_code == 401
    assert (await api.post("/deployments", {}, headers=ADA)).status_code == 401


async def test_expired_token_is_refused(api: Api) -> None:
    """A token that expires is refused without any change in the database."""
    expires_at = (api.clock() + timedelta(seconds=60)).isoformat()
    short = await post_token(api, "ada", by=ADA, expires_at=expires_at)
    for _ in range(3):
        ok_json(await api.get("/deployments", headers=short))

    api.clock.advance(timedelta(seconds=60))

    assert (await api.get("/deployments", headers=short)).status_code == 401


async def test_caller_without_a_token_gets_no_kept_response(api: Api) -> None:
    """A response is kept for the token that requested it only."""
    for _ in range(2):
        ok_json(await api.get("/deployments", headers=ADA))

    del api.client.headers["Authorization"]
    assert (await api.get("/deployments")).status_code == 401
    wrong = {"Authorization": "Bearer gp_u_wrong"}
    assert (await api.get("/deployments", headers=wrong)).status_code == 401


async def test_age_of_the_current_state_moves_on(api: Api) -> None:
    """The current state is kept for a second at most, because it depends on the clock."""
    await api.deployment(Status.SUCCEEDED)
    states = []
    for days in (0, 31):
        api.clock.advance(timedelta(days=days))
        states.append(ok_json(await api.get("/deployments/current", headers=ADA)))

    assert [state["cells"][0]["age"] for state in states] == ["fresh", "aging"]
    assert states[0]["at"] != states[1]["at"]
