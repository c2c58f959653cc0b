"""Repositories for the reads that are not on a hot path."""

from __future__ import annotations

from advanced_alchemy.repository import SQLAlchemyAsyncRepository

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


class ServiceRepository(SQLAlchemyAsyncRepository[ServiceRow]):
    """Services, by name."""

    model_type = ServiceRow
    id_attribute = "name"


class VersionRepository(SQLAlchemyAsyncRepository[VersionRow]):
    """Versions, by order of registration."""

    model_type = VersionRow


class EnvironmentRepository(SQLAlchemyAsyncRepository[EnvironmentRow]):
    """Environments, by name."""

    model_type = EnvironmentRow
    id_attribute = "name"


class PolicyRepository(SQLAlchemyAsyncRepository[PolicyRow]):
    """Policies, by environment and version."""

    model_type = PolicyRow


class TargetSettingsRepository(SQLAlchemyAsyncRepository[TargetSettingsRow]):
    """Settings of targets, by service and environment."""

    model_type = TargetSettingsRow


class UserRepository(SQLAlchemyAsyncRepository[UserRow]):
    """Users, by normalised name."""

    model_type = UserRow
    id_attribute = "key"


class TokenRepository(SQLAlchemyAsyncRepository[TokenRow]):
    """Tokens, by id."""

    model_type = TokenRow


class FreezeRepository(SQLAlchemyAsyncRepository[FreezeRow]):
    """Freezes, by id."""

    model_type = FreezeRow


class VersionBlockRepository(SQLAlchemyAsyncRepository[VersionBlockRow]):
    """Blocked versions, by service, environment and version."""

    model_type = VersionBlockRow


class HoldRepository(SQLAlchemyAsyncRepository[HoldRow]):
    """Promotion holds, by service and environment."""

    model_type = HoldRow
