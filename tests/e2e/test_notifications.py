"""People are notified by mail and by HTTP, from the request to its outcome, without any secret."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from gatepost_client import Gatepost
from gatepost_client.models import (
    ChannelRecipientBody,
    NotificationChannelCreate,
    NotificationState,
    ReasonBody,
    RecipientKind,
    Role,
)
from tests.support.client.policies import change_policy
from tests.support.client.shop import register_shop, shop_request
from tests.support.client.users import create_user
from tests.support.notification_receivers import (
    Mailbox,
    Receiver,
    running,
    running_mail_server,
)
from tests.support.processes.server import ServerProcess
from tests.support.workers import WorkerProcess

OPTIONS = ("--outgoing-allow=127.0.0.1", "--public-url=https://gatepost.example")
SUBJECT = "shop 1.4.2 to production (DEP-2)"
STAGES = [
    {"name": "test", "rules": [{"group": "testers", "required": 1}]},
    {"name": "release", "rules": [{"group": "operations", "required": 1}]},
]
REMIND_S, OVERDUE_S = 2, 4
PATIENCE_S = 60.0
SECRETS = ("secret-path-1", "secret-key-1", "qa-people-7")
"""Parts of the URLs of the channels."""


def wait_until(is_done: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_done():
        assert time.monotonic() < until_s
        time.sleep(0.1)


def is_sent(owner: Gatepost, channel: str) -> bool:
    """Return whether a channel has got a message."""
    return bool(owner.list_notifications(channel, state=NotificationState.SENT).items)


def add_channel(owner: Gatepost, group: str, url: str) -> str:
    """Add a group's channel that sends reminders after seconds, and return its id."""
    body = NotificationChannelCreate(
        name=f"group {group}",
        recipient=ChannelRecipientBody(kind=RecipientKind.GROUP, name=group),
        url=url,
        remind_after_s=REMIND_S,
        overdue_after_s=OVERDUE_S,
    )
    return f"{owner.add_notification_channel(body).id}"


def test_people_are_notified_from_the_request_to_its_outcome(tmp_path: Path) -> None:
    """The reviewers are notified by mail, the requester over HTTP through her own channel.

    The URLs appear only in the messages.
    """
    mailbox = Mailbox()
    with (
        running(Receiver()) as receiver,
        running_mail_server(mailbox) as mail_url,
        ServerProcess(tmp_path / "data", options=OPTIONS) as server,
        WorkerProcess(server, "w1") as worker,
        Gatepost(server.url, token=server.token) as owner,
    ):
        register_shop(owner, "1.4.2")
        ada = create_user(owner, "ada", Role.REQUESTER)
        quinn = create_user(owner, "quinn", groups=["testers"])
        create_user(owner, "devin", groups=["operations"])
        change_policy(owner, "production", approval_stages=STAGES)
        testers = add_channel(owner, "testers", mail_url)
        operations = add_channel(owner, "operations", mail_url)
        with Gatepost(server.url, token=ada) as gatepost:
            own = NotificationChannelCreate(name="Phone", url=receiver.url)
            requester = f"{gatepost.add_notification_channel(own).id}"
            gatepost.create_deployment(shop_request("production"))
        wait_until(lambda: len(mailbox.messages) == 3)
        with Gatepost(server.url, token=quinn) as gatepost:
            gatepost.reject_deployment("DEP-2", ReasonBody(note="private note 1"))
        wait_until(lambda: is_sent(owner, requester))
        channels = owner.list_notification_channels().to_dict()
        notifications = [
            owner.list_notifications(channel).to_dict()
            for channel in (testers, operations, requester)
        ]
        events = [event.to_dict() for event in owner.list_events(limit=200).items]

    assert mailbox.subjects == [
        f"Approval needed: {SUBJECT}",
        f"Still waiting for approval: {SUBJECT}",
        f"Approval overdue: {SUBJECT}",
    ]
    assert b"https://gatepost.example/deployments/DEP-2" in mailbox.messages[0]
    assert receiver.bodies[0]["title"] == f"Rejected: {SUBJECT}"
    assert [len(page["items"]) for page in notifications] == [3, 0, 1]
    assert {item["state"] for page in notifications for item in page["items"]} == {
        NotificationState.SENT
    }
    messages = b"".join(mailbox.messages).decode() + str(receiver.bodies)
    assert "private note" not in messages
    assert server.token not in messages
    texts = (channels, notifications, events, server.log(), worker.log(), receiver.bodies)
    for secret in SECRETS:
        assert all(secret not in str(text) for text in texts)
