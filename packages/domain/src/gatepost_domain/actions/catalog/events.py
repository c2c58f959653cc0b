"""The events of the catalog."""

from __future__ import annotations

from dataclasses import asdict

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.service import DigestContracts, Service
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


def catalog_event(kind: EventKind, command: Command, **data: object) -> Event:
    """What was done to the catalog; `data` is what stands afterwards."""
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=command.note,
        data=data,
    )


def contracts_data(
    uow: UnitOfWork,
    service: Service,
    digest_contracts: DigestContracts | None,
    *,
    before: Service | None = None,
) -> dict[str, object]:
    """Which contracts are generated for a service and were before it changed, if anybody seals."""
    if digest_contracts is None:
        return {}
    environments = uow.environments.list_active()
    told: dict[str, object] = {"contracts": asdict(digest_contracts(service, environments))}
    if before is not None:
        told["previous_digest"] = digest_contracts(before, environments).digest
    return told
