"""Pages of a database whose names and texts contain characters that are refused by now."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.event import EventKind
from tests.integration.console.conftest import AsUser
from tests.support.builders import a_user, a_version, an_event
from tests.support.console import PAGES
from tests.support.domain.actions import request_deployment
from tests.support.domain.tracking import create_record
from tests.support.http.api import Api

VERSION = "1.0\u202e0.2-\u0430\u200b"
TEXT = "low \u202ehgih\u202c \u05e9\u05dc\u05d5\u05dd \u2066<b>\u2069\u200b\x1b[31m\u3164"
USER = "ad\u0430\u200b"
SHOWN_VERSION = "1.0\ufffd0.2-\u0430\ufffd"
SHOWN_TEXT = (
    "low \ufffdhgih\ufffd \u05e9\u05dc\u05d5\u05dd \ufffd&lt;b&gt;\ufffd\ufffd\ufffd[31m\ufffd"
)


async def fill_with_hidden_characters(api: Api) -> None:
    """Store a deployment, a record, a version and a user as earlier releases accepted them."""
    version = replace(a_version(VERSION), notes=TEXT)
    event = an_event(EventKind.VERSION_REGISTERED)
    await api.ledger.perform(lambda uow: uow.services.add_version(version, event))
    user, added = a_user(USER), an_event(EventKind.USER_ADDED)
    await api.ledger.perform(lambda uow: uow.users.add(user, added))
    await request_deployment(
        api.ledger,
        requester=USER,
        version=VERSION,
        risk=TEXT,
        rollback_plan=TEXT,
        notes=TEXT,
        work_references=(TEXT,),
    )
    await create_record(api.ledger, version=VERSION, deployed_by=USER, notes=TEXT, external_id=TEXT)


@pytest.mark.parametrize("path", [*PAGES, "/deployments/DEP-2", "/audit"])
async def test_no_page_shows_hidden_characters(api: Api, as_user: AsUser, path: str) -> None:
    """They are replaced everywhere, and every name and text in letters of others is isolated."""
    await fill_with_hidden_characters(api)

    page = await (await as_user("owner")).open(path)

    assert replace_refused_characters(page) == page
    assert "\u3164" not in page
    outside = re.sub(r"<bdi>.*?</bdi>", "", text_of(page), flags=re.DOTALL)
    assert re.findall("[\u05d0-\u05ea\u0400-\u04ff]", outside) == []


def text_of(page: str) -> str:
    """Return a page without attributes and without elements that contain no others."""
    page = re.sub(r"<(title|option|textarea)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r'="[^"]*"', "", page)


async def test_deployment_shows_what_is_stored(api: Api, as_user: AsUser) -> None:
    """Its page has every text, with a mark for each hidden character."""
    await fill_with_hidden_characters(api)

    page = await (await as_user("owner")).open("/deployments/DEP-1")

    assert f"<code><bdi>{SHOWN_VERSION}</bdi></code>" in page
    assert page.count(f"<bdi>{SHOWN_TEXT}</bdi>") >= 4
