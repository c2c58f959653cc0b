"""Users and the tokens they hold, over HTTP: who may do what, from the next request on."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from gatepost_domain.access.roles import Role
from gatepost_domain.access.users import UserKind
from tests.support.builders import NOON
from tests.support.http.api import (
    Api,
    Json,
    assert_problem,
    auth_header,
    created_json,
    ok_json,
    token_secret,
)
from tests.support.http.users import (
    Headers,
    bearer_header,
    create_user,
    patch_user,
    post_deployment,
    post_token,
    post_user,
)

OWNER, ADA, BO = map(auth_header, ("owner", "ada", "bo"))


async def patch(api: Api, name: str, body: Json, **headers: str) -> Any:
    sent = OWNER | {key.replace("_", "-"): value for key, value in headers.items()}
    return await api.client.patch(f"/api/v1/users/{name}", json=body, headers=sent)


async def revoke(api: Api, name: str, token: str, by: Headers) -> Any:
    return await api.client.delete(f"/api/v1/users/{name}/tokens/{token}", headers=dict(by))


async def id_of(api: Api, by: Headers) -> str:
    token: str = ok_json(await api.get("/me", headers=dict(by)))["token"]["id"]
    return token


@pytest.mark.parametrize("name", ["ada", "ADA", "\uff41da", "\U0001d41ada"])
async def test_two_users_never_share_a_name_however_it_is_spelt(api: Api, name: str) -> None:
    """Case, width and composition make nobody else of somebody."""
    with api.assert_nothing_stored():
        response = await api.post("/users", {"name": name}, headers=OWNER)

    assert_problem(response, 409, "user_exists")


@pytest.mark.parametrize("name", ["system", "SYSTEM", "\uff53ystem", "worker:one", "Worker:one"])
async def test_gateposts_own_names_are_nobodys(api: Api, name: str) -> None:
    """Whoever acts under them is Gatepost itself."""
    with api.assert_nothing_stored():
        response = await api.post("/users", {"name": name}, headers=OWNER)

    assert_problem(response, 422, "reserved_name", "#/name")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/name"),
        ({"name": ""}, "#/name"),
        ({"name": "a b"}, "#/name"),
        ({"name": "x" * 101}, "#/name"),
        ({"name": "x", "kind": "robot"}, "#/kind"),
        ({"name": "x", "grants": [{"role": "god"}]}, "#/grants/0/role"),
        ({"name": "x", "grants": [{"role": "admin", "service": "No!"}]}, "#/grants/0/service"),
        ({"name": "x", "human": "ada"}, "#/human"),
    ],
)
async def test_what_is_no_user_is_pointed_at(api: Api, body: Json, pointer: str) -> None:
    """And nobody says of themselves which human they are."""
    assert_problem(await api.post("/users", body, headers=OWNER), 422, "invalid", pointer)


async def test_only_an_admin_manages_people(api: Api) -> None:
    """The attempt to add a user without the role is refused and on record."""
    by = await create_user(api, "mo", *(set(Role) - {Role.ADMIN}))

    assert_problem(await api.post("/users", {"name": "x"}, headers=dict(by)), 403, "forbidden")
    denied = (await api.list_all("/events"))[-1]
    assert (denied["kind"], denied["actor"]) == ("access_denied", "mo")


async def test_a_user_that_there_is_not_is_not_found(api: Api) -> None:
    """Nor are tokens of nobody."""
    assert_problem(await api.get("/users/nobody"), 404, "unknown_user")
    assert_problem(await api.get("/users/nobody/tokens"), 404, "unknown_user")
    assert_problem(await api.post("/users/nobody/tokens", {}, headers=OWNER), 404, "unknown_user")
    assert_problem(await patch(api, "nobody", {}), 404, "unknown_user")
    assert_problem(await revoke(api, "ada", "no-uuid", OWNER), 404, "unknown_token")
    assert_problem(await revoke(api, "ada", await id_of(api, BO), OWNER), 404, "unknown_token")


async def test_a_user_is_made_known_and_found_by_any_spelling(api: Api) -> None:
    """Whoever adds a human stands beside them; whoever adds a service account is behind it."""
    human = await post_user(api, "Zo\u00eb", by=ADA, grants=[{"role": "viewer"}], groups=["qa"])
    robot = await post_user(api, "pipeline", by=ADA, kind=UserKind.SERVICE)

    assert (human["human"], human["created_by"], human["disabled"]) == ("zo\u00eb", "ada", False)
    assert human["grants"] == [{"role": "viewer", "service": None, "environment": None}]
    assert robot["human"] == "ada"
    assert ok_json(await api.get("/users/ZOE\u0308")) == human


async def test_users_are_listed_by_name_in_pages(api: Api) -> None:
    """Everybody is there once, names that grow when they are compared included."""
    longest = "\ufb03" * 100
    await post_user(api, longest, by=OWNER)
    await post_user(api, "\ufdfa" * 100, by=OWNER)
    whole = [user["name"] for user in await api.list_all("/users")]

    assert [user["name"] for user in await api.list_all("/users", limit=1)] == whole
    assert {longest, "ada", "owner"} <= set(whole)


async def test_a_change_from_an_old_state_is_stale(api: Api) -> None:
    """If-Match with an ETag that no longer stands changes nothing."""
    seen = (await api.get("/users/bo")).headers["ETag"]
    changed = await patch(api, "bo", {"groups": ["qa"]}, If_Match=seen)
    assert ok_json(changed)["groups"] == ["qa"]
    assert changed.headers["ETag"] != seen

    assert_problem(await patch(api, "bo", {"groups": []}, If_Match=seen), 412, "stale")
    again = await api.get("/users/bo", headers={"If-None-Match": changed.headers["ETag"]})
    assert again.status_code == 304


async def test_a_change_leaves_what_it_does_not_name(api: Api) -> None:
    """Each part of a user changes for itself."""
    before = ok_json(await api.get("/users/bo"))

    after = await patch_user(api, "bo", disabled=True)

    assert after == before | {"disabled": True, "revision": before["revision"] + 1}


async def test_a_change_holds_at_the_next_request(api: Api) -> None:
    """Roles that are taken, and an account that is disabled and enabled again."""
    await post_deployment(api, BO)
    await patch_user(api, "bo", grants=[])
    assert_problem(await api.post("/services", SERVICE, headers=BO), 403, "forbidden")
    await patch_user(api, "bo", disabled=True)
    assert_problem(await api.get("/me", headers=BO), 401, "unauthenticated")
    await patch_user(api, "bo", disabled=False, grants=[{"role": "requester"}])

    created_json(await api.post("/services", SERVICE, headers=BO))


SERVICE: Json = {"name": "billing", "team": "team", "repo_url": "https://git.example/billing"}


async def test_a_token_for_another_is_an_admins_to_issue_and_revoke(api: Api) -> None:
    """To anybody else another's tokens are closed, to see, to make and to revoke."""
    by = await create_user(api, "mo", *(set(Role) - {Role.ADMIN}))
    token = await id_of(api, BO)

    assert_problem(await api.get("/users/bo/tokens", headers=dict(by)), 403, "forbidden")
    assert_problem(await api.post("/users/bo/tokens", {}, headers=dict(by)), 403, "forbidden")
    assert_problem(await revoke(api, "bo", token, by), 403, "forbidden")
    assert ok_json(await revoke(api, "bo", token, OWNER))["revoked_at"] is not None


async def test_whoever_has_a_token_made_for_another_is_behind_it(api: Api) -> None:
    """An admin hired by another admin is named as the one who had it made."""
    hired = await post_token(api, "ada", by=OWNER)

    issued = created_json(await api.post("/users/quinn/tokens", {}, headers=hired))

    assert issued["token"]["issuer"] == "ada"


async def test_whoever_had_a_token_made_stays_behind_what_replaces_it(api: Api) -> None:
    """One of one's own is one that comes from the server itself, or from another such."""
    own = await post_token(api, "ada", by=ADA)
    borrowed = await post_token(api, "ada", by=await post_token(api, "ada", by=OWNER))

    assert ok_json(await api.get("/me", headers=own))["token"]["issuer"] == "ada"
    assert ok_json(await api.get("/me", headers=borrowed))["token"]["issuer"] == "owner"


@pytest.mark.parametrize(
    "expires_at",
    [
        "2026-11-21T12:00:00Z",
        "2026-11-21T11:59:59Z",
        "2027-11-22T12:00:01Z",
        "0001-01-01T00:00:00Z",
    ],
)
async def test_a_token_expires_in_the_future_and_within_a_year(api: Api, expires_at: str) -> None:
    """One that has expired, or lives for longer, is not issued."""
    body = {"expires_at": expires_at}
    with api.assert_nothing_stored():
        response = await api.post("/users/ada/tokens", body, headers=ADA)

    assert_problem(response, 422, "bad_expiry", "#/expires_at")


async def test_a_token_lives_for_90_days_unless_told_otherwise(api: Api) -> None:
    """And not a moment longer."""
    token = await post_token(api, "ada", by=ADA)
    api.clock.at = NOON + timedelta(days=90, seconds=-1)
    assert (await api.get("/me", headers=token)).status_code == 200
    api.clock.at = NOON + timedelta(days=90)

    assert_problem(await api.get("/me", headers=token), 401, "unauthenticated")


async def test_a_secret_is_shown_once(api: Api) -> None:
    """A repeat with the same key, and every later look at the token, is without it."""
    headers = {**ADA, "Idempotency-Key": "k"}
    first = created_json(await api.post("/users/ada/tokens", {"label": "laptop"}, headers=headers))
    repeat = await api.post("/users/ada/tokens", {"label": "laptop"}, headers=headers)

    assert repeat.headers["Idempotent-Replayed"] == "true"
    assert created_json(repeat) == first | {"secret": None}
    listed = await api.get("/users/ada/tokens", headers=ADA)
    assert first["token"] in ok_json(listed)["items"]
    assert first["secret"] not in listed.text


async def test_secrets_are_kept_nowhere(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the database's files, in later answers or in the logs, of what is issued and used."""
    caplog.set_level(logging.DEBUG)
    headers = {**ADA, "Idempotency-Key": "k"}
    secret = created_json(await api.post("/users/ada/tokens", {}, headers=headers))["secret"]
    created_json(await api.post("/users/ada/tokens", {}, headers=headers))
    await post_deployment(api, bearer_header(secret))
    await api.get("/me", headers=bearer_header(secret + "!"))
    ok_json(await revoke(api, "ada", await id_of(api, bearer_header(secret)), ADA))

    paths = ("/me", "/users", "/users/ada", "/users/ada/tokens", "/events")
    answers = "".join([(await api.get(path, headers=ADA)).text for path in paths])
    files = b"".join(file.read_bytes() for file in api.database.parent.glob("gatepost.db*"))
    for canary in (secret, secret.removeprefix("gp_u_"), token_secret("ada")):
        assert canary not in answers
        assert canary not in caplog.text
        assert canary.encode() not in files


async def test_scopes_confine_a_token(api: Api) -> None:
    """What it may do is what its user may, and no more than that."""
    await patch_user(api, "bo", grants=[{"role": "requester", "service": "shop"}])
    scopes = [{"role": "requester", "environment": "production"}, {"role": "admin"}]
    token = await post_token(api, "bo", by=BO, scopes=scopes)

    me = ok_json(await api.get("/me", headers=token))
    both = {"role": "requester", "service": "shop", "environment": "production"}
    assert me["grants"] == [both]
    assert me["user"]["name"] == "bo"
    await post_deployment(api, token)
    assert_problem(await api.post("/services", SERVICE, headers=token), 403, "forbidden")


async def test_a_token_without_a_scope_is_not_one_without_scopes(api: Api) -> None:
    """An empty list is refused, so that it is never taken for all that a user may do."""
    response = await api.post("/users/ada/tokens", {"scopes": []}, headers=ADA)

    assert_problem(response, 422, "invalid", "#/scopes")


async def test_a_revoked_token_is_refused_at_the_next_request(api: Api) -> None:
    """Revoking it again changes nothing, and the other tokens of its holder go on."""
    token = await post_token(api, "ada", by=ADA)
    revoked = ok_json(await revoke(api, "ada", await id_of(api, token), token))

    assert_problem(await api.get("/me", headers=token), 401, "unauthenticated")
    with api.assert_nothing_stored():
        assert ok_json(await revoke(api, "ada", revoked["id"], ADA)) == revoked
    assert (await api.get("/me", headers=ADA)).status_code == 200


async def test_tokens_are_listed_the_latest_first_in_pages(api: Api) -> None:
    """Each once, with what is known of it."""
    for label in ("one", "two", "three"):
        await post_token(api, "owner", by=OWNER, label=label)

    tokens = await api.list_all("/users/owner/tokens", limit=1)

    assert [token["label"] for token in tokens] == ["three", "two", "one", "test"]
    assert tokens[-1]["issuer"] == "system"
    assert tokens[-1]["last_used_at"] == "2026-11-21T12:00:00Z"


async def test_people_and_tokens_leave_their_events(api: Api) -> None:
    """Who was added, changed, given a token or lost one, and by whom."""
    await post_user(api, "x", by=ADA)
    await patch_user(api, "x", groups=[])
    token = await post_token(api, "x", by=ADA)
    ok_json(await revoke(api, "x", await id_of(api, token), ADA))

    told = [(each["kind"], each["actor"], each["data"]["user"]) for each in await last(api, 4)]
    kinds = ("user_added", "user_changed", "token_issued", "token_revoked")
    actors = ("ada", "owner", "ada", "ada")
    assert told == [(kind, actor, "x") for kind, actor in zip(kinds, actors, strict=True)]


async def last(api: Api, count: int) -> list[Json]:
    return (await api.list_all("/events"))[-count:]
