"""The system page: what the settings of the server decide."""

from __future__ import annotations

from datetime import timedelta

from gatepost_domain.access.roles import Role
from tests.integration.console.conftest import AsUser
from tests.support.console import visible_text
from tests.support.http.api import Api, ok_json
from tests.support.http.identity_provider import CLIENT_SECRET, running_provider
from tests.support.http.sign_in import configure_provider


async def test_only_admins_and_auditors_have_the_page(api: Api, as_user: AsUser) -> None:
    """Everybody else has no entry in the navigation, and gets an error page."""
    others = tuple(set(Role) - {Role.ADMIN, Role.AUDITOR})
    await api.create_user("max", roles=others)
    max_ = await as_user("max")
    for name, role in (("adm", Role.ADMIN), ("aud", Role.AUDITOR)):
        await api.create_user(name, roles=(role,))
        browser = await as_user(name)
        assert 'href="/system"' in await browser.open("/")
        await browser.open("/system")

    assert 'href="/system"' not in await max_.open("/")
    assert "auditor" in visible_text(await max_.open("/system", 403))


async def test_nothing_configured_says_how_to_configure_it(as_user: AsUser) -> None:
    """The settings are named, because only the server's operator can change them."""
    page = visible_text(await (await as_user("owner")).open("/system"))

    assert "No sign-in provider" in page
    assert "GATEPOST_OIDC" in page
    assert "No trusted CI engines" in page
    assert "No scheduled backups" in page
    assert "production public addresses only" in page
    assert "public addresses only, because GATEPOST_OUTGOING_ALLOW is not set" in page


async def test_provider_and_pipelines_are_shown_without_secrets(api: Api, as_user: AsUser) -> None:
    """Who gets which access is visible; the client secret is not."""
    rule = {
        "issuer": "https://ci.example",
        "audience": "gatepost",
        "claims": {"repository": "acme/shop"},
        "user": "shop-pipeline",
        "scopes": [{"role": "requester", "service": "shop"}],
        "unknown_actor": "refuse",
    }
    groups = [{"name": "platform", "groups": ["devops"], "grants": [{"role": "operator"}]}]
    with running_provider() as provider:
        configure_provider(api, provider, groups=groups, pipelines=[rule], create_users=False)
        html = await (await as_user("owner")).open("/system")

    page = visible_text(html)
    assert provider.url in page
    assert "only for people who were invited" in page
    assert "platform operator devops" in page
    assert "shop-pipeline https://ci.example gatepost repository acme/shop" in page
    assert "Trusted CI engines" in page
    assert "requester for shop" in page
    assert "unknown people are refused" in page
    assert CLIENT_SECRET not in html


async def test_outgoing_calls_and_backups_are_shown(api: Api, as_user: AsUser) -> None:
    """The latest backup is that of the schedule of this server."""
    ok_json(await api.put("/environments/production/policy", {"outgoing_allow": ["shop.example"]}))
    metrics = api.app.state.context.metrics
    metrics.set_backup_interval(timedelta(hours=6))
    metrics.record_backup(api.clock() - timedelta(hours=1))
    metrics.record_backup_failure()

    page = visible_text(await (await as_user("owner")).open("/system"))

    assert "production shop.example only" in page
    assert "Interval 6 hours Latest 1 hour ago Failures since startup 1" in page
