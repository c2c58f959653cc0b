"""Routes of the console: pages and static files."""

from __future__ import annotations

from typing import Final

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from gatepost_api.console.error_pages import EXCEPTION_HANDLERS
from gatepost_api.console.pages.audit import AuditPages
from gatepost_api.console.pages.check_runs import CheckRunPages
from gatepost_api.console.pages.comparison import ComparisonPages
from gatepost_api.console.pages.deployment import DeploymentPages
from gatepost_api.console.pages.deployment_list import DeploymentListPages
from gatepost_api.console.pages.environment import EnvironmentPages
from gatepost_api.console.pages.environment_list import EnvironmentListPages
from gatepost_api.console.pages.environment_promotion_order import PromotionOrderPages
from gatepost_api.console.pages.environment_settings import EnvironmentSettingsPages
from gatepost_api.console.pages.freezes import FreezePages
from gatepost_api.console.pages.identity_provider_link import ProviderLinkPages
from gatepost_api.console.pages.inbox import InboxPages
from gatepost_api.console.pages.incidents import IncidentPages
from gatepost_api.console.pages.ingest import IngestPages
from gatepost_api.console.pages.new_deployment import NewDeploymentPages
from gatepost_api.console.pages.notification_channels import NotificationChannelPages
from gatepost_api.console.pages.overview import OverviewPages
from gatepost_api.console.pages.own_account_redirect import OwnAccountPages
from gatepost_api.console.pages.own_channels import OwnChannelPages
from gatepost_api.console.pages.passkeys import PasskeyPages
from gatepost_api.console.pages.people import PeoplePages
from gatepost_api.console.pages.person import PersonPages
from gatepost_api.console.pages.policy import PolicyPages
from gatepost_api.console.pages.policy_form import PolicyFormPages
from gatepost_api.console.pages.record_deployment import RecordDeploymentPages
from gatepost_api.console.pages.reports import ReportPages
from gatepost_api.console.pages.saved_views import SavedViewPages
from gatepost_api.console.pages.search import SearchPages
from gatepost_api.console.pages.server_configuration import SystemPages
from gatepost_api.console.pages.service_tabs import ServiceTabPages
from gatepost_api.console.pages.services import ServicePages
from gatepost_api.console.pages.settings_changes import SettingsChangePages
from gatepost_api.console.pages.targets import TargetPages
from gatepost_api.console.pages.webhooks import WebhookPages
from gatepost_api.console.pages.workers import WorkerPages
from gatepost_api.console.rendering.page import STATIC_FILES
from gatepost_api.console.session_check import require_session

_CACHE_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


@get("/console/{static_version:str}/{name:str}", include_in_schema=False, sync_to_thread=False)
def get_static(static_version: FromPath[str], name: FromPath[str]) -> Response[bytes]:  # noqa: ARG001  # part of the path only
    """Return a static file, cacheable for a year because its URL changes with its content."""
    if name not in STATIC_FILES:
        raise NotFoundException(f"There is no file {name}.")
    content, media_type = STATIC_FILES[name]
    return Response(content, media_type=media_type, headers={"Cache-Control": _CACHE_FOR_A_YEAR})


def console_routes() -> Router:
    """Return the router of all pages, which require a session."""
    return Router(
        "/",
        route_handlers=[
            OverviewPages,
            SavedViewPages,
            ComparisonPages,
            InboxPages,
            DeploymentListPages,
            NewDeploymentPages,
            DeploymentPages,
            RecordDeploymentPages,
            ServicePages,
            ServiceTabPages,
            TargetPages,
            EnvironmentListPages,
            CheckRunPages,
            IncidentPages,
            IngestPages,
            EnvironmentPages,
            PromotionOrderPages,
            EnvironmentSettingsPages,
            PolicyPages,
            PolicyFormPages,
            FreezePages,
            ReportPages,
            PeoplePages,
            PersonPages,
            OwnAccountPages,
            OwnChannelPages,
            PasskeyPages,
            ProviderLinkPages,
            SettingsChangePages,
            NotificationChannelPages,
            WebhookPages,
            WorkerPages,
            SearchPages,
            AuditPages,
            SystemPages,
        ],
        guards=[require_session],
        exception_handlers=EXCEPTION_HANDLERS,
        include_in_schema=False,
    )
