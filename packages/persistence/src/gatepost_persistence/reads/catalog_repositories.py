"""Repositories for infrequent reads of the catalog."""

from __future__ import annotations

from advanced_alchemy.repository import SQLAlchemyAsyncRepository

from gatepost_persistence.tables.catalog import (
    EnvironmentRow,
    PolicyRow,
    ServiceRow,
    TargetSettingsRow,
    VersionRow,
)


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
