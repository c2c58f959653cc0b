"""Setting up sources: who may, which settings are valid, and what is recorded of the secret."""

from __future__ import annotations

from typing import Any

import pytest

from gatepost_domain.access.errors import Forbidden
from gatepost_domain.access.roles import Role
from gatepost_domain.errors import NotFound, ValidationFailed
from gatepost_domain.event import EventKind
from gatepost_domain.ingest.source import (
    IngestMapping,
    IngestSignature,
    IngestSourceKind,
    MappedOutcome,
)
from gatepost_domain.ports.paging import PageRequest
from tests.support.builders import an_actor, create_catalog
from tests.support.domain.ingest import SECRET, remove, set_up
from tests.support.domain.tracking import ENVIRONMENTS
from tests.support.memory.ledger import InMemoryLedger

MAPPING = IngestMapping(service="/s", environment="/e", version="/v")


@pytest.fixture
async def ledger() -> InMemoryLedger:
    """Return a ledger with a service."""
    ledger = InMemoryLedger()
    await create_catalog(ledger, services=["shop"], policies=ENVIRONMENTS)
    return ledger


async def test_source_is_set_up_changed_and_removed(ledger: InMemoryLedger) -> None:
    """Each with one event, which has the settings but not the secret."""
    first = await set_up(ledger)
    second = await set_up(ledger, secret=None, salt="other", create_missing=True)
    same = await set_up(ledger, secret=None, salt="third", create_missing=True)
    rotated = await set_up(ledger, secret=f"{SECRET}-2", salt="fourth", create_missing=True)
    assert (first.revision, second.revision, rotated.revision) == (1, 2, 3)
    assert same == second
    assert (second.secret, second.salt) == (SECRET, "salt")
    assert (rotated.secret, rotated.salt) == (f"{SECRET}-2", "fourth")
    assert await ledger.reads.ingest_sources() == (rotated,)

    await remove(ledger)

    assert await ledger.reads.ingest_sources() == ()
    entries = (await ledger.reads.entries(PageRequest(limit=200))).items[-4:]
    assert [entry.event.kind for entry in entries] == [
        *[EventKind.INGEST_SOURCE_CHANGED] * 3,
        EventKind.INGEST_SOURCE_REMOVED,
    ]
    assert [entry.event.data.get("secret_changed") for entry in entries[:3]] == [True, False, True]
    assert SECRET not in str(entries)
    assert SECRET not in repr(rotated)


async def test_everybody_who_knows_the_secret_counts(ledger: InMemoryLedger) -> None:
    """Until it is changed."""
    await set_up(ledger, by="root")
    changed = await set_up(ledger, by="owner", secret=None, create_missing=True)
    rotated = await set_up(ledger, by="owner", secret=f"{SECRET}-2")

    assert set(changed.identity.humans) == {"owner", "root"}
    assert rotated.identity.humans == ("owner",)


@pytest.mark.parametrize(
    ("kind", "settings", "field"),
    [
        ("github", {"secret": None}, "secret"),
        ("github", {"secret": "too short"}, "secret"),
        ("github", {"secret": "ünicode-is-not-sent-alike"}, "secret"),
        ("github", {"environment_map": {"a/b": "moon"}}, "environment_map/a~1b"),
        ("github", {"workflows": {"Deploy": "moon"}}, "workflows/Deploy"),
        ("gitlab", {"pipelines": {"main": "moon"}}, "pipelines/main"),
        ("github", {"service_map": {"a/b": "moon"}}, "service_map/a~1b"),
        ("github", {"mapping": MAPPING}, "mapping"),
        ("github", {"signature": IngestSignature.TOKEN}, "signature"),
        ("gitlab", {"signature_header": "X-Token"}, "signature_header"),
        (
            "cdevents",
            {"signature": IngestSignature.STANDARD_WEBHOOKS, "signature_header": "X-Token"},
            "signature_header",
        ),
        ("github", {"account": "nobody"}, "account"),
        ("generic", {}, "mapping"),
        (
            "generic",
            {"mapping": IngestMapping(service="/a~2", environment="/e", version="/v")},
            "mapping/service",
        ),
        (
            "generic",
            {
                "mapping": IngestMapping(
                    service="/s",
                    environment="/e",
                    version="/v",
                    status_map={"ok": MappedOutcome.SUCCEEDED},
                )
            },
            "mapping/status_map",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_invalid_settings_are_refused_at_once(
    ledger: InMemoryLedger, kind: str, settings: dict[str, Any], field: str
) -> None:
    """The fault names the field."""
    with pytest.raises(ValidationFailed) as caught:
        await set_up(ledger, kind, **settings)

    assert [error.field for error in caught.value.errors] == [field]


async def test_pipelines_can_use_a_name_of_the_map(ledger: InMemoryLedger) -> None:
    """The name is mapped when a delivery arrives."""
    source = await set_up(
        ledger, "gitlab", environment_map={"live": "production"}, pipelines={"main": "live"}
    )

    assert source.kind is IngestSourceKind.GITLAB


async def test_only_admins_set_up_and_remove(ledger: InMemoryLedger) -> None:
    """Anyone who knows the secret can record deployments."""
    with pytest.raises(Forbidden):
        await set_up(ledger, by=an_actor("olga", roles=[Role.OPERATOR]))


async def test_source_that_is_not_set_up_cannot_be_removed(ledger: InMemoryLedger) -> None:
    """There is nothing to remove."""
    with pytest.raises(NotFound):
        await remove(ledger)
