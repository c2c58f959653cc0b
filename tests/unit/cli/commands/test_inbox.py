"""What waits for one's review, from a terminal."""

from __future__ import annotations

import httpx2

from tests.support.command import Command, a_deployment


def test_the_inbox_tells_what_waits_and_for_which_stage(gatepost: Command) -> None:
    """All of it, whatever number of pages that takes."""
    first, second = a_deployment(), a_deployment(number="DEP-43")
    gatepost.says(
        "GET /reviews/inbox",
        httpx2.Response(200, json={"items": [first], "next_cursor": "n"}),
        httpx2.Response(200, json={"items": [second], "next_cursor": None}),
    )

    ran = gatepost("inbox", "--json")

    assert ran.document == {"items": [first, second], "next_cursor": None}
    gatepost.says("GET /reviews/inbox", {"items": [first], "next_cursor": None})
    line = gatepost("inbox").out.splitlines()[1].split()
    assert line[:6] == ["DEP-42", "shop", "1.4.2", "production", "devops", "ada"]
