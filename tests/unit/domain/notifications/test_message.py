"""Messages are plain text, in which nothing that people entered acts."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.notifications.message import (
    MAX_LINE_CHARS,
    MessagePart,
    neutralize,
    write_message,
    write_test,
)
from tests.support.builders import NOON

PART = MessagePart(
    title="Approval needed",
    subject="shop 1.0.0 to production (DEP-1)",
    requester="ada",
    risk="Slow\ncheckout.",
    stage="qa",
    can_act=("bo", "cy"),
    until=NOON,
    link="https://gatepost.example/deployments/DEP-1",
)


def test_message_says_what_who_and_until_when() -> None:
    """It ends with the link."""
    message = write_message([PART])

    assert message.title == "Approval needed: shop 1.0.0 to production (DEP-1)"
    assert message.body.splitlines() == [
        "Requested by ada.",
        "Risk: Slow checkout.",
        "Stage: qa",
        "Can act: bo, cy",
        "Until: 21 November 2026, 12:00 UTC",
        "https://gatepost.example/deployments/DEP-1",
    ]


def test_what_is_unknown_is_left_out() -> None:
    """An outcome has no stage, and nobody has to act."""
    part = replace(PART, risk=None, stage=None, can_act=(), until=None)

    assert write_message([part]).body == f"Requested by ada.\n{PART.link}"


def test_several_notifications_are_one_message() -> None:
    """Each has a line and its link."""
    other = replace(PART, title="Failed", link="https://gatepost.example/deployments/DEP-2")
    message = write_message([PART, other])

    assert message.title == "2 notifications from Gatepost"
    assert message.body.splitlines() == [
        PART.headline,
        PART.link,
        "",
        other.headline,
        other.link,
    ]


def test_markup_and_line_breaks_are_neutralized() -> None:
    """Chat programs would notify everybody, or show another address than that of a link."""
    text = "<!channel> @here [log in](https://evil.example)\n`x`\u202eok\x07"

    assert neutralize(text) == (
        "\u2039!channel\u203a \uff20here (log in)(https: //evil.example) 'x'\ufffdok\ufffd"
    )
    assert len(neutralize("x" * 1000)) == MAX_LINE_CHARS


def test_test_names_the_channel() -> None:
    """And leads to the server."""
    message = write_test("On-call", "https://gatepost.example/")

    assert message.body == (
        "This is a test of the Gatepost channel On-call.\nhttps://gatepost.example/"
    )
