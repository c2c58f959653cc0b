"""System page: the server's configuration, read-only, for admins and auditors."""

from __future__ import annotations

from litestar import Controller, Response, get

from gatepost_api.console.rendering.page import render_page
from gatepost_api.console.views.catalog_choices import load_active_environments
from gatepost_api.console.views.system_settings import (
    backup_state,
    describe_grants,
    pipeline_rules,
)
from gatepost_api.http.request import ApiRequest
from gatepost_api.settings.server_version import VERSION
from gatepost_domain.access.roles import Right
from gatepost_domain.actions.audit.authorization import authorize_audit
from gatepost_domain.ports.unit_of_work import UnitOfWork


class SystemPages(Controller):
    """The route of the system page."""

    path = "/system"

    @get(include_in_schema=False)
    async def show_system(self, request: ApiRequest) -> Response[bytes]:
        """Show the release, sign-in for people and pipelines, outgoing calls, and backups."""
        await _require_admin_or_auditor(request)
        context = request.context
        environments = await load_active_environments(context.reads)
        policies = [
            (environment, await context.reads.policy(environment.name, environment.policy_version))
            for environment in environments
        ]
        provider = context.trusted_issuers.provider
        return render_page(
            request,
            "system.html",
            title="System",
            version=VERSION,
            provider=None if provider is None else provider.settings,
            is_confidential_client=provider is not None and provider.client_secret is not None,
            pipelines=pipeline_rules(context.trusted_issuers),
            policies=policies,
            outgoing_allow=context.outgoing_allow,
            backups=backup_state(context.metrics),
            describe_grants=describe_grants,
        )


async def _require_admin_or_auditor(request: ApiRequest) -> None:
    """Refuse callers who are neither admins nor auditors, and record the attempt.

    Raises:
        Forbidden: the caller is neither an admin nor an auditor.
    """

    def require(uow: UnitOfWork) -> None:
        command = request.command(uow)
        if not command.actor.may(Right.MANAGE_PEOPLE):
            authorize_audit(command)

    await request.context.ledger.perform(require)
