"""People manage their own notification channels over HTTP, and failed notifications are resent."""

from __future__ import annotations

from uuid import UUID

import httpx2

from gatepost_domain.access.roles import Role
from gatepost_domain.notifications.channel import MAX_OWN_CHANNELS
from tests.support.http.api import PREFIX, Api, auth_header, created_json, ok_json
from tests.support.http.notifications import (
    CHANNEL,
    OWN_CHANNEL,
    PATH,
    SECRET,
    add_channel,
    claim_notification,
    fail_test,
    finish,
    notification_id,
)
from tests.support.http.users import create_user


def code_of(response: httpx2.Response) -> str:
    """Return the code of a problem."""
    code: str = response.json()["code"]
    return code


async def test_viewer_manages_a_channel_of_their_own(api: Api) -> None:
    """They add, change, test and remove it without a further role, and its URL stays secret."""
    vic = await create_user(api, "vic", Role.VIEWER)
    added = await api.post(PATH, OWN_CHANNEL, headers=vic)
    channel = created_json(added)
    path = f"{PATH}/{channel['id']}"
    quiet = {"enabled": False, "quiet_hours": {"start": "22:00", "end": "07:00"}, "digest": "daily"}
    changed = await api.client.patch(f"{PREFIX}{path}", json=quiet, headers=vic)
    await api.client.patch(f"{PREFIX}{path}", json={"enabled": True}, headers=vic)
    tested = await api.post(f"{path}/test", headers=vic)
    sent = await api.get(f"{path}/notifications", headers=vic)
    removed = await api.client.delete(f"{PREFIX}{path}", headers=vic)

    assert channel["recipient"] == {"kind": "user", "name": "vic"}
    assert (ok_json(changed)["enabled"], ok_json(changed)["digest"]) == (False, "daily")
    assert [item["id"] for item in ok_json(sent)["items"]] == [ok_json(tested)["id"]]
    assert ok_json(removed)["id"] == channel["id"]
    assert ok_json(await api.get(PATH, headers=vic))["items"] == []
    for response in (added, changed, tested, sent, removed):
        assert SECRET not in response.text


async def test_channels_of_others_are_refused_and_not_listed(api: Api) -> None:
    """Channels reveal who is notified of what."""
    vic = await create_user(api, "vic", Role.VIEWER)
    mo = await create_user(api, "mo", Role.VIEWER)
    own = created_json(await api.post(PATH, OWN_CHANNEL, headers=vic))
    of_mo = created_json(await api.post(PATH, OWN_CHANNEL, headers=mo))
    of_team = await add_channel(api)

    for channel in (of_mo, of_team):
        path = f"{PATH}/{channel['id']}"
        for response in (
            await api.get(path, headers=vic),
            await api.get(f"{path}/notifications", headers=vic),
            await api.post(f"{path}/test", headers=vic),
            await api.post(f"{path}/notifications/{UUID(int=1)}/resend", headers=vic),
            await api.client.patch(f"{PREFIX}{path}", json={"enabled": False}, headers=vic),
            await api.client.delete(f"{PREFIX}{path}", headers=vic),
        ):
            assert response.status_code == 403
    for recipient in (CHANNEL["recipient"], of_mo["recipient"]):
        body = {**OWN_CHANNEL, "recipient": recipient}
        assert (await api.post(PATH, body, headers=vic)).status_code == 403
    listed = ok_json(await api.get(PATH, headers=vic))["items"]
    assert [channel["id"] for channel in listed] == [own["id"]]


async def test_admins_list_all_channels_or_their_own(api: Api) -> None:
    """The parameter `own` limits the list to their own."""
    own = created_json(await api.post(PATH, OWN_CHANNEL))
    other = await add_channel(api)
    listed = ok_json(await api.get(PATH))["items"]
    listed_own = ok_json(await api.get(PATH, params={"own": "true"}))["items"]

    assert [channel["id"] for channel in listed] == [other["id"], own["id"]]
    assert [channel["id"] for channel in listed_own] == [own["id"]]


async def test_sixth_channel_of_ones_own_is_refused(api: Api) -> None:
    """The refusal contains the remedy."""
    vic = await create_user(api, "vic", Role.VIEWER)
    for _ in range(MAX_OWN_CHANNELS):
        created_json(await api.post(PATH, OWN_CHANNEL, headers=vic))
    refused = await api.post(PATH, OWN_CHANNEL, headers=vic)

    assert (refused.status_code, code_of(refused)) == (409, "too_many_own_channels")
    assert "Remove one that is no longer used" in refused.json()["detail"]


async def test_failed_notification_is_sent_again(api: Api) -> None:
    """The channel's owner can send it again, but not while it is pending."""
    vic = await create_user(api, "vic", Role.VIEWER)
    channel = await fail_test(api, recipient={"kind": "user", "name": "vic"})
    path = f"{PATH}/{channel['id']}/notifications"
    resend = f"{path}/{await notification_id(api)}/resend"
    resent = ok_json(await api.post(resend, headers=vic))
    repeated = await api.post(resend, headers=vic)
    await finish(api, await claim_notification(api))
    (sent,) = ok_json(await api.get(path, headers=auth_header("vic")))["items"]

    assert (resent["state"], resent["attempts"]) == ("pending", 0)
    assert code_of(repeated) == "notification_not_failed"
    assert (sent["id"], sent["state"], sent["attempts"]) == (resent["id"], "sent", 1)


async def test_unknown_notifications_are_404(api: Api) -> None:
    """A text that is not an id is unknown too."""
    channel = await add_channel(api)

    for unknown in (UUID(int=0), "notification"):
        path = f"{PATH}/{channel['id']}/notifications/{unknown}/resend"
        assert code_of(await api.post(path)) == "unknown_notification"
