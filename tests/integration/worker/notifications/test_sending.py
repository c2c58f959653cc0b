"""Messages are sent by Apprise in a process that reaches only what the server's setting allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatepost_worker.notification_task_runner import send_notification
from gatepost_worker.notifications.send import MISSING, NOT_ACCEPTED, mask_url_parts
from gatepost_worker.tasks import NotificationReport
from tests.support.notification_receivers import (
    Mailbox,
    Receiver,
    running,
    running_mail_server,
)
from tests.support.worker import a_notification_task

LOOPBACK = ("127.0.0.1",)


async def send(url: str, *, allow: tuple[str, ...] = LOOPBACK) -> NotificationReport:
    return await send_notification(a_notification_task(url=url, outgoing_allow=allow))


async def test_message_arrives_at_a_web_server() -> None:
    """With its title and its text."""
    with running(Receiver()) as receiver:
        report = await send(receiver.url)

    assert report == NotificationReport(sent=True, detail="")
    (body,) = receiver.bodies
    assert body["title"] == "Approval needed: shop 1.0.0 to production (DEP-1)"
    assert body["message"] == "Requested by ada."


async def test_message_arrives_by_mail() -> None:
    """The title is its subject."""
    mailbox = Mailbox()
    with running_mail_server(mailbox) as url:
        report = await send(url)

    assert report.detail == ""
    (subject,) = mailbox.subjects
    assert subject == "Approval needed: shop 1.0.0 to production (DEP-1)"
    assert b"Requested by ada." in mailbox.messages[0]


async def test_refused_message_is_reported_without_the_url() -> None:
    """The admin sees what the receiver answered, and nobody sees the key."""
    with running(Receiver(status=403)) as receiver:
        report = await send(receiver.url)

    assert not report.sent
    assert "403" in report.detail
    assert "secret" not in report.detail


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        ((), "add 127.0.0.1 to GATEPOST_OUTGOING_ALLOW"),
        (("example.com",), "add 127.0.0.1 to GATEPOST_OUTGOING_ALLOW"),
    ],
)
async def test_other_addresses_are_not_reached(allow: tuple[str, ...], expected: str) -> None:
    """The sentence names the setting."""
    with running(Receiver()) as receiver:
        report = await send(receiver.url, allow=allow)

    assert receiver.bodies == []
    assert expected in report.detail


async def test_redirect_does_not_lead_to_other_addresses() -> None:
    """Not even to one of a cloud provider that returns credentials."""
    location = "http://169.254.169.254/latest/meta-data/"
    with running(Receiver(status=307, location=location)) as receiver:
        report = await send(receiver.url)

    assert "169.254.169.254" in report.detail
    assert "cloud metadata service" in report.detail


async def test_proxies_and_credentials_of_the_worker_are_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The program gets few variables."""
    with running(Receiver()) as proxy, running(Receiver()) as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
        report = await send(receiver.url)

    assert report.sent
    assert proxy.bodies == []


async def test_slow_receiver_is_given_up() -> None:
    """The program is ended."""
    report = await send_notification(a_notification_task(timeout_s=0.05))

    assert report.detail == "The message was not sent within 0.05 s."


async def test_missing_apprise_is_reported_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is an extra of the worker."""
    (tmp_path / "apprise.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    report = await send("json://127.0.0.1")

    assert report.detail == MISSING


async def test_files_of_the_worker_are_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Some channels can read templates; the server refuses these, and so does the program."""
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "worker.token"
    secret.write_text('{"text": "secret-token-1"}')
    slack = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
    report = await send(f"{slack}?template={secret}")

    assert not report.sent
    assert "could not be read" in report.detail
    assert "secret-token-1" not in report.detail


def test_parts_of_the_url_are_masked() -> None:
    """Also those that are encoded in it."""
    url = "mailtos://me:p%40ss-word@mail.example/inbox1"

    assert mask_url_parts("Login of me with p@ss-word failed at inbox1.", url) == (
        "Login of me with p@*** failed at ***."
    )
    assert mask_url_parts(NOT_ACCEPTED, url) == NOT_ACCEPTED
