"""Building the events about services, versions, environments, policies and targets."""

from __future__ import annotations

from dataclasses import asdict

from gatepost_domain.access.command import Command
from gatepost_domain.catalog.service import DigestContracts, Service
from gatepost_domain.event import Event, EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork


def catalog_event(kind: EventKind, command: Command, **data: object) -> Event:
    """Create a catalog event; `data` is the state after the change."""
    return Event(
        kind=kind,
        actor=command.actor.name,
        on_behalf_of=command.on_behalf_of,
        at=command.at,
        note=command.note,
        data=data,
    )


def contracts_event_data(
    uow: UnitOfWork,
    service: Service,
    digest_contracts: DigestContracts | None,
    *,
    before: Service | None = None,
) -> dict[str, object]:
    """Return the event data for a service's contracts and, with `before`, for its previous ones."""
    if digest_contracts is None:
        return {}
    environments = uow.environments.list_active()
    data: dict[str, object] = {"contracts": asdict(digest_contracts(service, environments))}
    if before is not None:
        data["previous_digest"] = digest_contracts(before, environments).digest
    return data
