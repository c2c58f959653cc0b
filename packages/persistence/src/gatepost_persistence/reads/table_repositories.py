"""Repositories for reads that are not on a hot path, one for each table."""

from __future__ import annotations

from typing import TypeVar

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from sqlalchemy.ext.asyncio import AsyncSession

from gatepost_persistence.tables.base import Row
from gatepost_persistence.tables.blocks_and_holds import HoldRow, VersionBlockRow
from gatepost_persistence.tables.catalog import (
    EnvironmentRow,
    PolicyRow,
    ServiceRow,
    TargetSettingsRow,
    VersionRow,
)
from gatepost_persistence.tables.check_runs import CheckRunRow
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.tables.github_protection_answers import ProtectionAnswerRow
from gatepost_persistence.tables.incidents import IncidentRow
from gatepost_persistence.tables.ingest import IngestDeliveryRow, IngestSourceRow
from gatepost_persistence.tables.notifications import NotificationChannelRow, NotificationRow
from gatepost_persistence.tables.passkeys import PasskeyRow
from gatepost_persistence.tables.settings_changes import SettingsChangeRow
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.tables.webhooks import WebhookDeliveryRow, WebhookRow

RowT = TypeVar("RowT", bound=Row)


class ReadRepository(SQLAlchemyAsyncRepository[RowT]):
    """The base class of the repositories in this module.

    The errors of the driver are raised unchanged, because the read connection translates them.
    """

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session=session, wrap_exceptions=False)


class ServiceRepository(ReadRepository[ServiceRow]):
    """Services, keyed by name."""

    model_type = ServiceRow
    id_attribute = "name"


class VersionRepository(ReadRepository[VersionRow]):
    """Versions, keyed by order of registration."""

    model_type = VersionRow


class EnvironmentRepository(ReadRepository[EnvironmentRow]):
    """Environments, keyed by name."""

    model_type = EnvironmentRow
    id_attribute = "name"


class PolicyRepository(ReadRepository[PolicyRow]):
    """Policies, keyed by environment and version."""

    model_type = PolicyRow


class TargetSettingsRepository(ReadRepository[TargetSettingsRow]):
    """Settings of targets, keyed by service and environment."""

    model_type = TargetSettingsRow


class UserRepository(ReadRepository[UserRow]):
    """Users, keyed by normalised name."""

    model_type = UserRow
    id_attribute = "key"


class TokenRepository(ReadRepository[TokenRow]):
    """Tokens, keyed by id."""

    model_type = TokenRow


class PasskeyRepository(ReadRepository[PasskeyRow]):
    """Passkeys, keyed by id."""

    model_type = PasskeyRow


class FreezeRepository(ReadRepository[FreezeRow]):
    """Freezes, keyed by id."""

    model_type = FreezeRow


class IncidentRepository(ReadRepository[IncidentRow]):
    """Incidents, keyed by id."""

    model_type = IncidentRow


class SettingsChangeRepository(ReadRepository[SettingsChangeRow]):
    """Settings changes, keyed by id."""

    model_type = SettingsChangeRow


class CheckRunRepository(ReadRepository[CheckRunRow]):
    """Check runs, keyed by id."""

    model_type = CheckRunRow


class IngestSourceRepository(ReadRepository[IngestSourceRow]):
    """Ingest sources, keyed by kind."""

    model_type = IngestSourceRow
    id_attribute = "kind"


class IngestDeliveryRepository(ReadRepository[IngestDeliveryRow]):
    """Deliveries of ingest sources, keyed by id."""

    model_type = IngestDeliveryRow


class ProtectionAnswerRepository(ReadRepository[ProtectionAnswerRow]):
    """Answers to waiting GitHub jobs, keyed by id."""

    model_type = ProtectionAnswerRow


class WebhookRepository(ReadRepository[WebhookRow]):
    """Webhooks, keyed by id."""

    model_type = WebhookRow


class WebhookDeliveryRepository(ReadRepository[WebhookDeliveryRow]):
    """Deliveries to webhooks, keyed by id."""

    model_type = WebhookDeliveryRow


class NotificationChannelRepository(ReadRepository[NotificationChannelRow]):
    """Notification channels, keyed by id."""

    model_type = NotificationChannelRow


class NotificationRepository(ReadRepository[NotificationRow]):
    """Notifications, keyed by id."""

    model_type = NotificationRow


class VersionBlockRepository(ReadRepository[VersionBlockRow]):
    """Blocked versions, keyed by service, environment and version."""

    model_type = VersionBlockRow


class HoldRepository(ReadRepository[HoldRow]):
    """Promotion holds, keyed by service and environment."""

    model_type = HoldRow
