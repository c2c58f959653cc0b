"""The tables of all routes: the API, the compatible interfaces and the public pages."""

from __future__ import annotations

from typing import Final

from litestar import Router
from litestar.types import ControllerRouterHandler

from gatepost_api.audit.checkpoint_and_proof_controller import TreeController
from gatepost_api.audit.verification_and_export_controller import AuditController
from gatepost_api.catalog.environments.controller import EnvironmentController
from gatepost_api.catalog.environments.simulation_controller import PolicySimulationController
from gatepost_api.catalog.services.controller import ServiceController
from gatepost_api.catalog.services.generated_contracts_controller import ContractController
from gatepost_api.catalog.services.health import ServiceHealthController
from gatepost_api.catalog.services.versions import VersionController
from gatepost_api.catalog.targets.block_and_hold_controller import RestrictionController
from gatepost_api.catalog.targets.controller import TargetController
from gatepost_api.check_runs.controller import CheckRunController
from gatepost_api.claims.check_run_controller import ClaimedCheckRunController
from gatepost_api.claims.controller import ClaimController
from gatepost_api.claims.delivery_result_controller import ClaimedDeliveryController
from gatepost_api.claims.github_protection_answer_result_controller import ClaimedAnswerController
from gatepost_api.claims.notification_result_controller import ClaimedNotificationController
from gatepost_api.claims.step_list_controller import ReportedStepsController
from gatepost_api.claims.workers_controller import WorkerController
from gatepost_api.compatibility.platform_control_plane import PlatformController
from gatepost_api.compatibility.tracking_api import TrackingController
from gatepost_api.deployments.action_controller import DeploymentActionController
from gatepost_api.deployments.controller import DeploymentController
from gatepost_api.deployments.emergency_actions import EmergencyController
from gatepost_api.deployments.inbox import InboxController
from gatepost_api.discovery.api_index_controller import ApiIndexController
from gatepost_api.events.controller import EventController
from gatepost_api.evidence.controller import EvidenceController
from gatepost_api.freezes.calendar_feed_controller import FreezeCalendarController
from gatepost_api.freezes.controller import FreezeController
from gatepost_api.freezes.import_controller import FreezeImportController
from gatepost_api.health.controller import HealthController
from gatepost_api.health.metrics import MetricsController
from gatepost_api.incidents.controller import IncidentController
from gatepost_api.ingest.received_deliveries_controller import IngestDeliveryController
from gatepost_api.ingest.source_controller import IngestSourceController
from gatepost_api.notifications.channel_controller import NotificationChannelController
from gatepost_api.notifications.channel_notifications_controller import NotificationController
from gatepost_api.people.controller import MeController, UserController
from gatepost_api.reports.controller import ReportController
from gatepost_api.routes.checks_before_operation import admit_request
from gatepost_api.settings_changes.controller import SettingsChangeController
from gatepost_api.sign_in.invitation_page import InvitationController
from gatepost_api.sign_in.pages import SignInController
from gatepost_api.sign_in.passkey_controller import PasskeySignInController
from gatepost_api.sign_in.pipeline_token_exchange import TokenExchangeController
from gatepost_api.tracking.current_state import CurrentStateController
from gatepost_api.tracking.deployment_changes import DeploymentDiffController
from gatepost_api.tracking.deployment_history import HistoryController
from gatepost_api.tracking.records_controller import RecordController
from gatepost_api.tracking.state_comparison import StateComparisonController
from gatepost_api.webhooks.controller import WebhookController
from gatepost_api.webhooks.deliveries_controller import WebhookDeliveryController

API_PREFIX: Final = "/api/v1"


def api_routes() -> Router:
    """Return the routes that require authentication."""
    return Router(
        API_PREFIX,
        route_handlers=[
            ApiIndexController,
            DeploymentController,
            DeploymentActionController,
            EmergencyController,
            ReportedStepsController,
            EvidenceController,
            InboxController,
            RecordController,
            CurrentStateController,
            StateComparisonController,
            DeploymentDiffController,
            HistoryController,
            ReportController,
            EventController,
            WebhookController,
            WebhookDeliveryController,
            NotificationChannelController,
            NotificationController,
            TreeController,
            AuditController,
            ServiceController,
            VersionController,
            TargetController,
            CheckRunController,
            RestrictionController,
            ContractController,
            ServiceHealthController,
            EnvironmentController,
            PolicySimulationController,
            SettingsChangeController,
            FreezeController,
            FreezeImportController,
            FreezeCalendarController,
            IngestSourceController,
            IngestDeliveryController,
            IncidentController,
            ClaimController,
            ClaimedCheckRunController,
            ClaimedDeliveryController,
            ClaimedNotificationController,
            ClaimedAnswerController,
            WorkerController,
            UserController,
            MeController,
        ],
        before_request=admit_request,
    )


def compatibility_routes() -> Router:
    """Return the routes of the compatible interfaces, all of which require authentication."""
    return Router(
        "/",
        route_handlers=[PlatformController, TrackingController],
        before_request=admit_request,
    )


def routes_outside_the_api() -> list[ControllerRouterHandler]:
    """Return the routes outside the API; only the metrics require authentication."""
    return [
        HealthController,
        MetricsController,
        TokenExchangeController,
        SignInController,
        PasskeySignInController,
        InvitationController,
    ]
