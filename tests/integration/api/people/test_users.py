"""Users and their tokens over HTTP; changes take effect from the next request."""

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
    invite_user,
    patch_user,
    post_deployment,
    post_token,
    post_user,
)

OWNER, ADA, BO = map(auth_header, ("owner", "ada", "bo"))


NO_HANDLES = (
    "ada\u200b",
    "\u0430da",
    "\uff41da",
    "\U0001d41ada",
    "zo\u00eb",
    "\u202eada",
    "vic/",
    "CORP/alice",
    ".",
    "..",
    "-ada",
    "worker:one",
    "ada\n",
    "a%2Fb",
    "ada\\",
    "<b>",
)
"""Look-alikes, and names that cannot be addressed or displayed."""


async def patch(api: Api, name: str, body: Json, **headers: str) -> Any:
    sent = OWNER | {key.replace("_", "-"): value for key, value in headers.items()}
    return await api.client.patch(f"/api/v1/users/{name}", json=body, headers=sent)


async def revoke(api: Api, name: str, token: str, by: Headers) -> Any:
    return await api.client.delete(f"/api/v1/users/{name}/tokens/{token}", headers=dict(by))


async def token_id(api: Api, by: Headers) -> str:
    token: str = ok_json(await api.get("/me", headers=dict(by)))["token"]["id"]
    return token


@pytest.mark.parametrize("name", ["ada", "ADA"])
async def test_user_names_are_unique_in_any_spelling(api: Api, name: str) -> None:
    """Names that differ only in case are the same name."""
    with api.assert_nothing_stored():
        response = await api.post("/users", {"name": name}, headers=OWNER)

    assert_problem(response, 409, "user_exists")


@pytest.mark.parametrize("name", ["system", "SYSTEM"])
async def test_reserved_user_names_are_refused(api: Api, name: str) -> None:
    """The name `system` is refused in any spelling; those of workers are no handles."""
    with api.assert_nothing_stored():
        response = await api.post("/users", {"name": name}, headers=OWNER)

    assert_problem(response, 422, "reserved_name", "#/name")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/name"),
        ({"name": ""}, "#/name"),
        ({"name": "a b"}, "#/name"),
        *(({"name": name}, "#/name") for name in NO_HANDLES),
        ({"name": "x" * 101}, "#/name"),
        ({"name": "x", "kind": "robot"}, "#/kind"),
        ({"name": "x", "grants": [{"role": "god"}]}, "#/grants/0/role"),
        ({"name": "x", "grants": [{"role": "admin", "service": "No!"}]}, "#/grants/0/service"),
        ({"name": "x", "human": "ada"}, "#/human"),
    ],
)
async def test_invalid_user_is_refused(api: Api, body: Json, pointer: str) -> None:
    """The error points at the field. Callers cannot set the person that a user belongs to."""
    assert_problem(await api.post("/users", body, headers=OWNER), 422, "invalid", pointer)


async def test_only_an_admin_adds_users(api: Api) -> None:
    """An attempt without the admin role is refused and recorded."""
    by = await create_user(api, "mo", *(set(Role) - {Role.ADMIN}))

    assert_problem(await api.post("/users", {"name": "x"}, headers=dict(by)), 403, "forbidden")
    denied = (await api.list_all("/events"))[-1]
    assert (denied["kind"], denied["actor"]) == ("access_denied", "mo")


async def test_unknown_user_and_token_are_404(api: Api) -> None:
    """Every operation on an unknown user or token returns 404."""
    assert_problem(await api.get("/users/nobody"), 404, "unknown_user")
    assert_problem(await api.get("/users/nobody/tokens"), 404, "unknown_user")
    assert_problem(await api.post("/users/nobody/tokens", {}, headers=OWNER), 404, "unknown_user")
    assert_problem(await patch(api, "nobody", {}), 404, "unknown_user")
    assert_problem(await revoke(api, "ada", "no-uuid", OWNER), 404, "unknown_token")
    assert_problem(await revoke(api, "ada", await token_id(api, BO), OWNER), 404, "unknown_token")


async def test_user_is_created_and_found_by_any_spelling(api: Api) -> None:
    """Names are in lower case. The person behind a service account is the user who created it."""
    human = await post_user(
        api, "Zoe", by=ADA, grants=[{"role": "viewer"}], groups=["qa"], display_name="Zo\u00eb"
    )
    robot = await post_user(api, "pipeline", by=ADA, kind=UserKind.SERVICE)

    assert (human["name"], human["display_name"]) == ("zoe", "Zo\u00eb")
    assert (human["human"], human["created_by"], human["disabled"]) == ("zoe", "ada", False)
    assert human["grants"] == [{"role": "viewer", "service": None, "environment": None}]
    assert robot["human"] == "ada"
    assert ok_json(await api.get("/users/ZOE")) == human
    changed = await patch_user(api, "zoe", display_name="Zo\u00eb K.")
    assert (changed["name"], changed["display_name"]) == ("zoe", "Zo\u00eb K.")
    assert (await patch_user(api, "zoe", display_name=""))["display_name"] is None
    assert (await patch_user(api, "zoe", groups=[]))["display_name"] is None


async def test_users_are_listed_by_name_in_pages(api: Api) -> None:
    """Users are sorted by name, and each appears once."""
    longest = "x" * 100
    await post_user(api, longest, by=OWNER)
    names = [user["name"] for user in await api.list_all("/users")]

    assert [user["name"] for user in await api.list_all("/users", limit=1)] == names
    assert {longest, "ada", "owner"} <= set(names)


async def test_stale_change_is_refused(api: Api) -> None:
    """The response to an outdated If-Match is 412, and nothing changes."""
    etag = (await api.get("/users/bo")).headers["ETag"]
    changed = await patch(api, "bo", {"groups": ["qa"]}, If_Match=etag)
    assert ok_json(changed)["groups"] == ["qa"]
    assert changed.headers["ETag"] != etag

    assert_problem(await patch(api, "bo", {"groups": []}, If_Match=etag), 412, "stale")
    response = await api.get("/users/bo", headers={"If-None-Match": changed.headers["ETag"]})
    assert response.status_code == 304


async def test_change_keeps_the_fields_it_omits(api: Api) -> None:
    """Fields omitted from a change keep their values."""
    before = ok_json(await api.get("/users/bo"))

    after = await patch_user(api, "bo", disabled=True)

    assert after == before | {"disabled": True, "revision": before["revision"] + 1}


async def test_change_takes_effect_at_the_next_request(api: Api) -> None:
    """Removed roles no longer apply, and a disabled account is refused until it is enabled."""
    await post_deployment(api, BO)
    await patch_user(api, "bo", grants=[])
    assert_problem(await api.post("/services", SERVICE, headers=BO), 403, "forbidden")
    await patch_user(api, "bo", disabled=True)
    assert_problem(await api.get("/me", headers=BO), 401, "unauthenticated")
    await patch_user(api, "bo", disabled=False, grants=[{"role": "requester"}])

    created_json(await api.post("/services", SERVICE, headers=BO))


SERVICE: Json = {"name": "billing", "team": "team", "repo_url": "https://git.example/billing"}


async def test_only_an_admin_manages_anothers_tokens(api: Api) -> None:
    """Others cannot list, issue or revoke another user's tokens."""
    by = await create_user(api, "mo", *(set(Role) - {Role.ADMIN}))
    token = await token_id(api, BO)

    assert_problem(await api.get("/users/bo/tokens", headers=dict(by)), 403, "forbidden")
    assert_problem(await api.post("/users/bo/tokens", {}, headers=dict(by)), 403, "forbidden")
    assert_problem(await revoke(api, "bo", token, by), 403, "forbidden")
    assert ok_json(await revoke(api, "bo", token, OWNER))["revoked_at"] is not None


async def test_token_names_the_person_who_issued_it(api: Api) -> None:
    """The issuer is the admin who sends the request."""
    await post_user(api, "robot", by=OWNER, kind=UserKind.SERVICE)

    issued = created_json(await api.post("/users/robot/tokens", {}, headers=ADA))

    assert issued["token"]["issuer"] == "ada"


async def test_token_of_oneself_names_its_holder(api: Api) -> None:
    """People issue their own tokens; who else could have is in the provenance."""
    own = await post_token(api, "ada", by=ADA)
    invited = await post_token(api, "zoe", by=await invite_user(api, "zoe"))

    assert ok_json(await api.get("/me", headers=own))["token"]["issuer"] == "ada"
    me = ok_json(await api.get("/me", headers=invited))
    assert (me["token"]["issuer"], me["user"]["provenance"]) == ("zoe", {"owner": "invitation"})


@pytest.mark.parametrize(
    "expires_at",
    [
        "2026-11-21T12:00:00Z",
        "2026-11-21T11:59:59Z",
        "2027-11-22T12:00:01Z",
        "0001-01-01T00:00:00Z",
    ],
)
async def test_token_expiry_is_in_the_future_and_within_a_year(api: Api, expires_at: str) -> None:
    """A token with an expiry in the past or more than a year ahead is not issued."""
    body = {"expires_at": expires_at}
    with api.assert_nothing_stored():
        response = await api.post("/users/ada/tokens", body, headers=ADA)

    assert_problem(response, 422, "bad_expiry", "#/expires_at")


async def test_token_lives_90_days_by_default(api: Api) -> None:
    """The token works until just before 90 days have passed, and is refused from then on."""
    token = await post_token(api, "ada", by=ADA)
    api.clock.at = NOON + timedelta(days=90, seconds=-1)
    assert (await api.get("/me", headers=token)).status_code == 200
    api.clock.at = NOON + timedelta(days=90)

    assert_problem(await api.get("/me", headers=token), 401, "unauthenticated")


async def test_secret_is_shown_once(api: Api) -> None:
    """A repeated request with the same idempotency key omits the secret, as do later reads."""
    headers = {**ADA, "Idempotency-Key": "k"}
    first = created_json(await api.post("/users/ada/tokens", {"label": "laptop"}, headers=headers))
    repeat = await api.post("/users/ada/tokens", {"label": "laptop"}, headers=headers)

    assert repeat.headers["Idempotent-Replayed"] == "true"
    assert created_json(repeat) == first | {"secret": None}
    listed = await api.get("/users/ada/tokens", headers=ADA)
    assert first["token"] in ok_json(listed)["items"]
    assert first["secret"] not in listed.text


async def test_token_secrets_are_stored_nowhere(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """No database file, later response or log holds the secret of an issued token."""
    caplog.set_level(logging.DEBUG)
    headers = {**ADA, "Idempotency-Key": "k"}
    secret = created_json(await api.post("/users/ada/tokens", {}, headers=headers))["secret"]
    created_json(await api.post("/users/ada/tokens", {}, headers=headers))
    await post_deployment(api, bearer_header(secret))
    await api.get("/me", headers=bearer_header(secret + "!"))
    ok_json(await revoke(api, "ada", await token_id(api, bearer_header(secret)), ADA))

    paths = ("/me", "/users", "/users/ada", "/users/ada/tokens", "/events")
    responses = "".join([(await api.get(path, headers=ADA)).text for path in paths])
    files = b"".join(file.read_bytes() for file in api.file.parent.glob("gatepost.db*"))
    for canary in (secret, secret.removeprefix("gp_u_"), token_secret("ada")):
        assert canary not in responses
        assert canary not in caplog.text
        assert canary.encode() not in files


async def test_scopes_limit_a_token(api: Api) -> None:
    """A scoped token has the rights that both its scopes and its user have."""
    await patch_user(api, "bo", grants=[{"role": "requester", "service": "shop"}])
    scopes = [{"role": "requester", "environment": "production"}, {"role": "admin"}]
    token = await post_token(api, "bo", by=BO, scopes=scopes)

    me = ok_json(await api.get("/me", headers=token))
    both = {"role": "requester", "service": "shop", "environment": "production"}
    assert me["grants"] == [both]
    assert me["user"]["name"] == "bo"
    await post_deployment(api, token)
    assert_problem(await api.post("/services", SERVICE, headers=token), 403, "forbidden")


async def test_empty_scope_list_is_refused(api: Api) -> None:
    """An empty list is refused, because it could be mistaken for no restriction."""
    response = await api.post("/users/ada/tokens", {"scopes": []}, headers=ADA)

    assert_problem(response, 422, "invalid", "#/scopes")


async def test_revoked_token_is_refused_at_the_next_request(api: Api) -> None:
    """The holder's other tokens remain valid, and revoking the token again changes nothing."""
    token = await post_token(api, "ada", by=ADA)
    revoked = ok_json(await revoke(api, "ada", await token_id(api, token), token))

    assert_problem(await api.get("/me", headers=token), 401, "unauthenticated")
    with api.assert_nothing_stored():
        assert ok_json(await revoke(api, "ada", revoked["id"], ADA)) == revoked
    assert (await api.get("/me", headers=ADA)).status_code == 200


async def test_tokens_are_listed_newest_first_in_pages(api: Api) -> None:
    """Each token appears once, with its label, issuer and last use."""
    api.clock.advance(timedelta(hours=1))
    for label in ("one", "two", "three"):
        await post_token(api, "owner", by=OWNER, label=label)

    tokens = await api.list_all("/users/owner/tokens", limit=1)

    assert [token["label"] for token in tokens] == ["three", "two", "one", "test"]
    assert tokens[-1]["issuer"] == "system"
    assert tokens[-1]["last_used_at"] == "2026-11-21T13:00:00Z"


async def test_changes_to_users_and_tokens_are_events(api: Api) -> None:
    """The events name what changed and who changed it."""
    await post_user(api, "x", by=ADA, kind=UserKind.SERVICE)
    await patch_user(api, "x", groups=[])
    token = await post_token(api, "x", by=ADA)
    ok_json(await revoke(api, "x", await token_id(api, token), ADA))

    events = await last_events(api, 4)
    kinds = ("user_added", "user_changed", "token_issued", "token_revoked")
    actors = ("ada", "owner", "ada", "ada")
    assert [(event["kind"], event["actor"], event["data"]["user"]) for event in events] == [
        (kind, actor, "x") for kind, actor in zip(kinds, actors, strict=True)
    ]


async def last_events(api: Api, count: int) -> list[Json]:
    return (await api.list_all("/events"))[-count:]
