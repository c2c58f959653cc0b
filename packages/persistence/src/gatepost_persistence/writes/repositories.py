"""Repositories for the writes of the catalog, users, freezes and restrictions."""

from __future__ import annotations

from advanced_alchemy.repository import SQLAlchemySyncRepository

from gatepost_persistence.tables.blocks_and_holds import HoldRow, VersionBlockRow
from gatepost_persistence.tables.catalog import (
    EnvironmentRow,
    PolicyRow,
    ServiceRow,
    TargetSettingsRow,
    VersionRow,
)
from gatepost_persistence.tables.freezes import FreezeRow
from gatepost_persistence.tables.users import TokenRow, UserRow


class ServiceRepository(SQLAlchemySyncRepository[ServiceRow]):
    """Services, by name."""

    model_type = ServiceRow
    id_attribute = "name"


class VersionRepository(SQLAlchemySyncRepository[VersionRow]):
    """Versions, by order of registration."""

    model_type = VersionRow


class EnvironmentRepository(SQLAlchemySyncRepository[EnvironmentRow]):
    """Environments, by name."""

    model_type = EnvironmentRow
    id_attribute = "name"


class PolicyRepository(SQLAlchemySyncRepository[PolicyRow]):
    """Policies, by environment and version."""

    model_type = PolicyRow


class TargetSettingsRepository(SQLAlchemySyncRepository[TargetSettingsRow]):
    """Settings of targets, by service and environment."""

    model_type = TargetSettingsRow


class UserRepository(SQLAlchemySyncRepository[UserRow]):
    """Users, by normalised name."""

    model_type = UserRow
    id_attribute = "key"


class TokenRepository(SQLAlchemySyncRepository[TokenRow]):
    """Tokens, by id."""

    model_type = TokenRow


class FreezeRepository(SQLAlchemySyncRepository[FreezeRow]):
    """Freezes, by id."""

    model_type = FreezeRow


class VersionBlockRepository(SQLAlchemySyncRepository[VersionBlockRow]):
    """Blocked versions, by service, environment and version."""

    model_type = VersionBlockRow


class HoldRepository(SQLAlchemySyncRepository[HoldRow]):
    """Promotion holds, by service and environment."""

    model_type = HoldRow
