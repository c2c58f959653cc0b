"""Loading the versions of a target's settings."""

from __future__ import annotations

from functools import partial

from gatepost_domain.catalog.target import Target
from gatepost_domain.ports.reads import ReadModel
from gatepost_domain.ports.unit_of_work import UnitOfWork


async def load_target_versions(
    reads: ReadModel, service: str, environment: str, *, limit: int, before: int | None = None
) -> tuple[Target, ...]:
    """Return the versions of a target's settings, newest first; with `before`, only earlier ones.

    Raises:
        NotFound: the service or the environment does not exist.
    """
    stored_service = await reads.service(service)
    stored_environment = await reads.environment(environment)
    return await reads.read_snapshot(
        partial(
            _list_versions,
            service=stored_service.name,
            environment=stored_environment.name,
            before=before,
            limit=limit,
        )
    )


def _list_versions(
    uow: UnitOfWork, *, service: str, environment: str, before: int | None, limit: int
) -> tuple[Target, ...]:
    return uow.target_settings.list_versions(service, environment, before=before, limit=limit)
