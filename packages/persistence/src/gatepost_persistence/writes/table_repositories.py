"""Repositories for the writes of the catalog, users, freezes and restrictions."""

from __future__ import annotations

from typing import Any, TypeVar

from advanced_alchemy.repository import SQLAlchemySyncRepository
from sqlalchemy import Select
from sqlalchemy.orm import Session

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
from gatepost_persistence.tables.notifications import NotificationChannelRow
from gatepost_persistence.tables.passkeys import PasskeyRow
from gatepost_persistence.tables.settings_changes import SettingsChangeRow
from gatepost_persistence.tables.users import TokenRow, UserRow
from gatepost_persistence.tables.webhooks import WebhookRow

RowT = TypeVar("RowT", bound=Row)


class WriteRepository(SQLAlchemySyncRepository[RowT]):
    """The base of the repositories. It loads only rows that the statement selects.

    The errors of the driver are raised unchanged, because the write transaction translates them.
    """

    def __init__(self, session: Session, statement: Select[Any] | None = None) -> None:
        super().__init__(
            session=session, statement=statement, auto_refresh=False, wrap_exceptions=False
        )


class ServiceRepository(WriteRepository[ServiceRow]):
    """Services, by name."""

    model_type = ServiceRow
    id_attribute = "name"


class VersionRepository(WriteRepository[VersionRow]):
    """Versions, by order of registration."""

    model_type = VersionRow


class EnvironmentRepository(WriteRepository[EnvironmentRow]):
    """Environments, by name."""

    model_type = EnvironmentRow
    id_attribute = "name"


class PolicyRepository(WriteRepository[PolicyRow]):
    """Policies, by environment and version."""

    model_type = PolicyRow


class TargetSettingsRepository(WriteRepository[TargetSettingsRow]):
    """Settings of targets, by service and environment."""

    model_type = TargetSettingsRow


class UserRepository(WriteRepository[UserRow]):
    """Users, by normalised name."""

    model_type = UserRow
    id_attribute = "key"


class TokenRepository(WriteRepository[TokenRow]):
    """Tokens, by id."""

    model_type = TokenRow


class PasskeyRepository(WriteRepository[PasskeyRow]):
    """Passkeys, by id."""

    model_type = PasskeyRow


class FreezeRepository(WriteRepository[FreezeRow]):
    """Freezes, by id."""

    model_type = FreezeRow


class IncidentRepository(WriteRepository[IncidentRow]):
    """Incidents, by id."""

    model_type = IncidentRow


class SettingsChangeRepository(WriteRepository[SettingsChangeRow]):
    """Settings changes, by id."""

    model_type = SettingsChangeRow


class CheckRunRepository(WriteRepository[CheckRunRow]):
    """Check runs, by id."""

    model_type = CheckRunRow


class IngestSourceRepository(WriteRepository[IngestSourceRow]):
    """Ingest sources, by kind."""

    model_type = IngestSourceRow
    id_attribute = "kind"


class IngestDeliveryRepository(WriteRepository[IngestDeliveryRow]):
    """Deliveries of ingest sources, by id."""

    model_type = IngestDeliveryRow


class WebhookRepository(WriteRepository[WebhookRow]):
    """Webhooks, by id."""

    model_type = WebhookRow


class NotificationChannelRepository(WriteRepository[NotificationChannelRow]):
    """Notification channels, by id."""

    model_type = NotificationChannelRow


class VersionBlockRepository(WriteRepository[VersionBlockRow]):
    """Blocked versions, by service, environment and version."""

    model_type = VersionBlockRow


class HoldRepository(WriteRepository[HoldRow]):
    """Promotion holds, by service and environment."""

    model_type = HoldRow
