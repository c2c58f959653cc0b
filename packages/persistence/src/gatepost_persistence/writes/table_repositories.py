"""Repositories for writes that are not on a hot path, one for each table."""

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
    """The base class of the repositories in this module; `statement` limits the rows they load.

    The errors of the driver are raised unchanged, because the write transaction translates them.
    """

    def __init__(self, session: Session, statement: Select[Any] | None = None) -> None:
        super().__init__(
            session=session, statement=statement, auto_refresh=False, wrap_exceptions=False
        )


class ServiceRepository(WriteRepository[ServiceRow]):
    """Services, keyed by name."""

    model_type = ServiceRow
    id_attribute = "name"


class VersionRepository(WriteRepository[VersionRow]):
    """Versions, keyed by order of registration."""

    model_type = VersionRow


class EnvironmentRepository(WriteRepository[EnvironmentRow]):
    """Environments, keyed by name."""

    model_type = EnvironmentRow
    id_attribute = "name"


class PolicyRepository(WriteRepository[PolicyRow]):
    """Policies, keyed by environment and version."""

    model_type = PolicyRow


class TargetSettingsRepository(WriteRepository[TargetSettingsRow]):
    """Settings of targets, keyed by service and environment."""

    model_type = TargetSettingsRow


class UserRepository(WriteRepository[UserRow]):
    """Users, keyed by normalised name."""

    model_type = UserRow
    id_attribute = "key"


class TokenRepository(WriteRepository[TokenRow]):
    """Tokens, keyed by id."""

    model_type = TokenRow


class PasskeyRepository(WriteRepository[PasskeyRow]):
    """Passkeys, keyed by id."""

    model_type = PasskeyRow


class FreezeRepository(WriteRepository[FreezeRow]):
    """Freezes, keyed by id."""

    model_type = FreezeRow


class IncidentRepository(WriteRepository[IncidentRow]):
    """Incidents, keyed by id."""

    model_type = IncidentRow


class SettingsChangeRepository(WriteRepository[SettingsChangeRow]):
    """Settings changes, keyed by id."""

    model_type = SettingsChangeRow


class CheckRunRepository(WriteRepository[CheckRunRow]):
    """Check runs, keyed by id."""

    model_type = CheckRunRow


class IngestSourceRepository(WriteRepository[IngestSourceRow]):
    """Ingest sources, keyed by kind."""

    model_type = IngestSourceRow
    id_attribute = "kind"


class IngestDeliveryRepository(WriteRepository[IngestDeliveryRow]):
    """Deliveries of ingest sources, keyed by id."""

    model_type = IngestDeliveryRow


class WebhookRepository(WriteRepository[WebhookRow]):
    """Webhooks, keyed by id."""

    model_type = WebhookRow


class NotificationChannelRepository(WriteRepository[NotificationChannelRow]):
    """Notification channels, keyed by id."""

    model_type = NotificationChannelRow


class VersionBlockRepository(WriteRepository[VersionBlockRow]):
    """Blocked versions, keyed by service, environment and version."""

    model_type = VersionBlockRow


class HoldRepository(WriteRepository[HoldRow]):
    """Promotion holds, keyed by service and environment."""

    model_type = HoldRow
