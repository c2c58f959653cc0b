"""The audit page: for auditors only, it verifies the record and exports it."""

from __future__ import annotations

from gatepost_domain.access.roles import Role
from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api
from tests.support.http.audit import tamper


async def test_only_auditors_have_the_page(api: Api, as_user: AsUser) -> None:
    """Everybody else has no entry in the navigation, and gets an error page."""
    await api.create_user("max", roles=tuple(set(Role) - {Role.AUDITOR}))
    await api.create_user("aud", roles=(Role.AUDITOR,))
    max_, auditor = await as_user("max"), await as_user("aud")

    assert 'href="/audit"' in await auditor.open("/")
    assert 'href="/audit"' not in await max_.open("/")
    assert "auditor" in visible_text(await max_.open("/audit", 403))
    assert "auditor" in visible_text(await max_.open("/audit/export", 403))


async def test_page_shows_the_state_of_the_log(api: Api, as_user: AsUser) -> None:
    """The number of events, the last checkpoint and the public key are shown."""
    page = visible_text(await (await as_user("owner")).open("/audit"))

    last_event = await api.ledger.reads.read_snapshot(lambda uow: uow.event_log.last_entry())
    assert last_event is not None
    assert f"Events {last_event.seq} " in page
    assert "None yet." in page
    assert str(api.app.state.context.checkpoint_signer.verifier_key) in page


async def test_verification_without_faults_says_so(as_user: AsUser) -> None:
    """The button is a form that needs no script."""
    owner = await as_user("owner")

    assert '<input type="hidden" name="verify" value="now">' in await owner.open("/audit")
    assert "No faults." in visible_text(await owner.open("/audit?verify=now"))


async def test_faults_are_listed_in_a_table(api: Api, as_user: AsUser) -> None:
    """A row that was changed past the events is named with its column."""
    await api.deployment(Status.PENDING_APPROVAL)
    tamper(api.file, "UPDATE services SET team = 'thieves' WHERE name = 'shop'")

    page = await (await as_user("owner")).open("/audit?verify=now")

    assert "1 fault." in visible_text(page)
    assert "<code>services.team</code>" in page
    assert "thieves" in page


async def test_export_form_exports_whole_days(api: Api, as_user: AsUser) -> None:
    """Dates are days in UTC, of which the last one is included."""
    await api.create_deployment()
    owner = await as_user("owner")
    day = f"{api.clock():%Y-%m-%d}"

    found = await owner.client.get(f"/audit/export?since={day}&until={day}&format=jsonl")
    none = await owner.client.get("/audit/export?until=2020-01-01&service=shop&format=jsonl")
    archive = await owner.client.get("/audit/export?service=&environment=&since=&until=&format=")

    assert found.text.startswith('{"id":')
    assert found.headers["Content-Disposition"].endswith('.jsonl"')
    assert none.text == ""
    assert archive.content.startswith(b"PK")
