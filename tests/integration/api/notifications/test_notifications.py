"""Notifications over HTTP: what is shown, what workers send, and that URLs stay secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from gatepost_api.notifications.url_encryption import UnreadableUrl, decrypt_url, encrypt_url
from gatepost_api.signing.checkpoint_signer import CheckpointSigner
from gatepost_domain.status_transitions import Status
from tests.support.http.api import PREFIX, Api, Json, ok_json
from tests.support.http.notifications import (
    CHANNEL,
    PATH,
    SECRET,
    URL,
    add_channel,
    claim_notification,
    claim_test,
    finish,
    queue,
)


def code_of(response: httpx2.Response) -> str:
    """Return the code of a problem."""
    code: str = response.json()["code"]
    return code


async def patch(api: Api, channel: Json, body: Json, **headers: str) -> httpx2.Response:
    """Change a channel."""
    return await api.client.patch(f"{PREFIX}{PATH}/{channel['id']}", json=body, headers=headers)


async def test_url_is_only_in_the_task_of_the_worker(api: Api) -> None:
    """No other response, no event and no file of the database contains it."""
    channel = await add_channel(api)
    path = f"{PATH}/{channel['id']}"
    mattermost = "mmosts://chat.example/mattermost-secret-1"
    changed = ok_json(await patch(api, channel, {"url": mattermost}))
    tested = await api.post(f"{path}/test")
    task = await claim_notification(api)
    finished = await finish(api, task, sent=False, detail="Mattermost answered 403.")
    texts = [
        *map(str, (channel, changed, finished)),
        tested.text,
        (await api.get(path)).text,
        (await api.get(PATH)).text,
        (await api.get(f"{path}/notifications")).text,
        (await api.get("/events", params={"limit": 200})).text,
    ]
    assert isinstance(api.database, Path)
    files = api.database.parent.glob(f"{api.database.name}*")
    content = b"".join(file.read_bytes() for file in files)

    assert task["url"] == mattermost
    assert (channel["url"], changed["url"]) == ("slack://***", "mmosts://chat.example/***")
    assert (channel["product"], changed["product"]) == ("Slack", "Mattermost")
    for secret in (SECRET, URL, "mattermost-secret-1"):
        assert all(secret not in text for text in texts)
        assert secret.encode() not in content
    assert b"mmosts://chat.example/***" in content


async def test_message_names_the_deployment_and_those_who_can_act(api: Api) -> None:
    """It leads to the page of the deployment, and contains no token."""
    await add_channel(api)
    deployment = await api.deployment(Status.PENDING_APPROVAL)
    await queue(api)
    task = await claim_notification(api)
    number = deployment["number"]

    assert task["title"] == f"Approval needed: shop 1.0.0 to production ({number})"
    lines = task["body"].splitlines()
    assert lines[0] == f"Requested by {deployment['requester']}."
    assert lines[1].startswith("Risk: ")
    assert lines[2].startswith("Stage: ")
    assert lines[3].startswith("Can act: ")
    assert lines[-1] == f"http://127.0.0.1:8000/deployments/{number}"
    assert "gp_" not in task["body"]
    assert "token" not in task["body"]


async def test_settings_have_defaults_and_can_be_changed(api: Api) -> None:
    """Null removes the quiet hours, and absent fields stay the same."""
    channel = await add_channel(
        api, timezone="Europe/Berlin", quiet_hours={"start": "22:00", "end": "07:00"}
    )
    kept = ok_json(await patch(api, channel, {"digest": "daily"}))
    removed = ok_json(await patch(api, channel, {"quiet_hours": None, "name": "Night shift"}))
    unchanged = ok_json(await patch(api, channel, {}))

    assert channel["remind_after_s"] == 4 * 3600
    assert channel["overdue_after_s"] == 24 * 3600
    assert channel["recipient"] == {"kind": "team", "name": "team"}
    assert kept["quiet_hours"] == {"start": "22:00", "end": "07:00"}
    assert kept["digest"] == "daily"
    assert removed["quiet_hours"] is None
    assert (removed["name"], removed["timezone"]) == ("Night shift", "Europe/Berlin")
    assert unchanged == removed
    assert ok_json(await api.get(f"{PATH}/{channel['id']}")) == removed


async def test_repeated_creation_adds_one_channel(api: Api) -> None:
    """The response is the same."""
    headers = {"Idempotency-Key": "k1"}
    first = await api.post(PATH, CHANNEL, headers=headers)
    repeated = await api.post(PATH, CHANNEL, headers=headers)

    assert repeated.headers["Idempotent-Replayed"] == "true"
    assert repeated.json() == first.json()
    assert len(ok_json(await api.get(PATH))["items"]) == 1


async def test_attempts_are_shown_and_filtered_by_state(api: Api) -> None:
    """An admin sees why nothing arrives, and when the next attempt is due."""
    task = await claim_test(api)
    await finish(api, task, sent=False, detail="Slack answered 403.\x00")
    path = f"{PATH}/{task['id']}/notifications"
    (pending,) = ok_json(await api.get(path, params={"state": "pending"}))["items"]
    api.clock.advance(timedelta(seconds=5))
    await finish(api, await claim_notification(api))
    (sent,) = ok_json(await api.get(path, params={"state": "sent"}))["items"]

    assert pending["detail"] == "Slack answered 403.�"
    assert (pending["attempts"], pending["reason"]) == (1, "test")
    assert pending["next_attempt_at"] is not None
    assert (sent["attempts"], sent["detail"], sent["next_attempt_at"]) == (2, "", None)
    assert (await api.get(path, params={"state": "lost"})).status_code == 422


async def test_superseded_report_is_refused(api: Api) -> None:
    """A worker that was thought to be lost cannot change the result."""
    task = await claim_test(api)
    api.clock.advance(timedelta(seconds=45))
    await claim_notification(api, "berlin-2")
    body = {"fencing_token": task["fencing_token"], "sent": True}
    late = await api.post(f"/worker/notification-channels/{task['id']}/finish", body)

    assert code_of(late) == "notification_claim_lost"


async def test_channel_is_disabled_enabled_and_removed(api: Api) -> None:
    """A stale change is refused, and a removed channel is unknown."""
    channel = await add_channel(api)
    path = f"{PATH}/{channel['id']}"
    disabled = ok_json(await patch(api, channel, {"enabled": False}, **{"If-Match": '"1"'}))
    stale = await patch(api, channel, {"enabled": True}, **{"If-Match": '"1"'})
    refused = await api.post(f"{path}/test")
    enabled = ok_json(await patch(api, channel, {"enabled": True}))
    ok_json(await api.client.delete(f"{PREFIX}{path}"))

    assert not disabled["enabled"]
    assert stale.status_code == 412
    assert code_of(refused) == "notification_channel_disabled"
    assert enabled["enabled"]
    assert code_of(await api.get(path)) == "unknown_notification_channel"


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"url": "hooks.example"}, ["#/url"]),
        ({"url": "file:///etc/passwd"}, ["#/url"]),
        ({"recipient": {"kind": "user", "name": "nobody"}}, ["#/recipient/name"]),
        ({"recipient": {"kind": "room", "name": "x"}}, ["#/recipient/kind"]),
        ({"quiet_hours": {"start": "24:00", "end": "7:00"}}, None),
        ({"timezone": "Mars", "remind_after_s": 90_000}, ["#/timezone", "#/overdue_after_s"]),
        ({"overdue_after_s": 0}, ["#/overdue_after_s"]),
        ({"token": "x"}, ["#/token"]),
    ],
)
async def test_invalid_channels_are_refused_with_pointers(
    api: Api, changes: Json, pointers: list[str] | None
) -> None:
    """All faults are named at once, and none repeats the URL."""
    response = await api.post(PATH, {**CHANNEL, **changes})
    named = [error["pointer"] for error in response.json()["errors"]]

    assert response.status_code == 422
    assert named == (pointers or ["#/quiet_hours/start", "#/quiet_hours/end"])
    assert SECRET not in response.text


async def test_unknown_ids_are_404(api: Api) -> None:
    """Also those that are no ids."""
    for unknown in (UUID(int=0), "channel"):
        for response in (
            await api.get(f"{PATH}/{unknown}"),
            await api.post(f"{PATH}/{unknown}/test"),
            await api.post(
                f"/worker/notification-channels/{unknown}/finish",
                {"fencing_token": 1, "sent": True},
            ),
        ):
            assert code_of(response) == "unknown_notification_channel"


async def test_url_of_another_signing_key_fails_with_the_remedy(api: Api) -> None:
    """After a restore with another key, the admin has to set the URLs again."""
    task = await claim_test(api)
    await finish(api, task)
    signer = CheckpointSigner.with_new_key("other")
    api.app.state.context = replace(api.app.state.context, checkpoint_signer=signer)
    ok_json(await api.post(f"{PATH}/{task['id']}/test"))
    body = {"worker": "berlin-1", "kinds": ["notification"]}
    nothing = await api.post("/worker/claims", body)
    path = f"{PATH}/{task['id']}/notifications"
    (failed,) = ok_json(await api.get(path, params={"state": "pending"}))["items"]

    assert nothing.status_code == 204
    assert "Set the URL again" in failed["detail"]


def test_encrypted_url_belongs_to_one_channel() -> None:
    """Nobody can give the URL of one channel to another one, or change it."""
    signer, channel, other = CheckpointSigner.with_new_key("a"), UUID(int=1), UUID(int=2)
    sealed = encrypt_url(signer, channel, URL)

    assert decrypt_url(signer, channel, sealed) == URL
    assert sealed != encrypt_url(signer, channel, URL)
    for where, text in ((other, sealed), (channel, sealed[:-8] + "AAAAAAA="), (channel, "")):
        with pytest.raises(UnreadableUrl):
            decrypt_url(signer, where, text)
