"""Repositories for the reads that are not on a hot path."""

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
from gatepost_persistence.tables.incidents import IncidentRow
from gatepost_persistence.tables.ingest import IngestDeliveryRow, IngestSourceRow
from gatepost_persistence.tables.notifications import NotificationChannelRow, NotificationRow
from gatepost_persistence.tables.passkeys import PasskeyRow
from gatepost_persistence.tables.protection_answers import ProtectionAnswerRow
from gatepost_persistence.tables.settings_changes import SettingsChangeRow
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.tables.webhooks import WebhookDeliveryRow, WebhookRow

RowT = TypeVar("RowT", bound=Row)


class ReadRepository(SQLAlchemyAsyncRepository[RowT]):
    """The base of the repositories.

    The errors of the driver are raised unchanged, because the read connection translates them.
    """

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session=session, wrap_exceptions=False)


class ServiceRepository(ReadRepository[ServiceRow]):
    """Services, by name."""

    model_type = ServiceRow
    id_attribute = "name"


class VersionRepository(ReadRepository[VersionRow]):
    """Versions, by order of registration."""

    model_type = VersionRow


class EnvironmentRepository(ReadRepository[EnvironmentRow]):
    """Environments, by name."""

    model_type = EnvironmentRow
    id_attribute = "name"


class PolicyRepository(ReadRepository[PolicyRow]):
    """Policies, by environment and version."""

    model_type = PolicyRow


class TargetSettingsRepository(ReadRepository[TargetSettingsRow]):
    """Settings of targets, by service and environment."""

    model_type = TargetSettingsRow


class UserRepository(ReadRepository[UserRow]):
    """Users, by normalised name."""

    model_type = UserRow
    id_attribute = "key"


class TokenRepository(ReadRepository[TokenRow]):
    """Tokens, by id."""

    model_type = TokenRow


class PasskeyRepository(ReadRepository[PasskeyRow]):
    """Passkeys, by id."""

    model_type = PasskeyRow


class FreezeRepository(ReadRepository[FreezeRow]):
    """Freezes, by id."""

    model_type = FreezeRow


class IncidentRepository(ReadRepository[IncidentRow]):
    """Incidents, by id."""

    model_type = IncidentRow


class SettingsChangeRepository(ReadRepository[SettingsChangeRow]):
    """Settings changes, by id."""

    model_type = SettingsChangeRow


class CheckRunRepository(ReadRepository[CheckRunRow]):
    """Check runs, by id."""

    model_type = CheckRunRow


class IngestSourceRepository(ReadRepository[IngestSourceRow]):
    """Ingest sources, by kind."""

    model_type = IngestSourceRow
    id_attribute = "kind"


class IngestDeliveryRepository(ReadRepository[IngestDeliveryRow]):
    """Deliveries of ingest sources, by id."""

    model_type = IngestDeliveryRow


class ProtectionAnswerRepository(ReadRepository[ProtectionAnswerRow]):
    """Answers to jobs that wait, by id."""

    model_type = ProtectionAnswerRow


class WebhookRepository(ReadRepository[WebhookRow]):
    """Webhooks, by id."""

    model_type = WebhookRow


class WebhookDeliveryRepository(ReadRepository[WebhookDeliveryRow]):
    """Deliveries to webhooks, by id."""

    model_type = WebhookDeliveryRow


class NotificationChannelRepository(ReadRepository[NotificationChannelRow]):
    """Notification channels, by id."""

    model_type = NotificationChannelRow


class NotificationRepository(ReadRepository[NotificationRow]):
    """Notifications, by id."""

    model_type = NotificationRow


class VersionBlockRepository(ReadRepository[VersionBlockRow]):
    """Blocked versions, by service, environment and version."""

    model_type = VersionBlockRow


class HoldRepository(ReadRepository[HoldRow]):
    """Promotion holds, by service and environment."""

    model_type = HoldRow
