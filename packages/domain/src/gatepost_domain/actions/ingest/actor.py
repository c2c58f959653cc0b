"""Finding the actor who records a deployment that a payload reports."""

from __future__ import annotations

from typing import Final

from gatepost_domain.access.actor import Actor, TriggeringPerson
from gatepost_domain.access.credential_provenance import Identity, build_identity
from gatepost_domain.access.roles import Grant, Role
from gatepost_domain.access.users import Account, User, identity_of, identity_through
from gatepost_domain.actions.access.account_linking import find_former_holder_identities
from gatepost_domain.ingest.payload_interpretation import ReportedDeployment
from gatepost_domain.ingest.payload_values import MappingFault, short_line
from gatepost_domain.ingest.resolution import unknown_person
from gatepost_domain.ingest.source import IngestSource, UnknownActor
from gatepost_domain.ports.unit_of_work import UnitOfWork

_OWN_GRANTS: Final[tuple[Grant, ...]] = (Grant(role=Role.REQUESTER),)
"""The roles of a source without an account: enough to register versions and record deployments."""


def find_actor(uow: UnitOfWork, source: IngestSource, reported: ReportedDeployment) -> Actor:
    """Return the actor for a delivery: the account named in the settings, or the source itself.

    The actor counts as everybody who set up the source, as everybody whom the account counts as,
    and as everybody who has or had the login that the payload names.

    Raises:
        MappingFault: the account cannot be used, or the person is unknown and the settings refuse
            unknown people.
    """
    trigger, behind = _find_trigger(uow, source, reported)
    account = _find_account(uow, source)
    origins = [source.identity, *behind]
    if account is None:
        name, groups, grants = source.actor_name, frozenset[str](), _OWN_GRANTS
    else:
        name, groups, grants = account.name, frozenset(account.groups), account.grants
        origins.append(identity_of(account))
    return Actor(
        name=name,
        groups=groups,
        grants=grants,
        identity=build_identity((human for each in origins for human in each.humans), *origins),
        is_scoped=True,
        is_service_account=True,
        trigger=trigger,
    )


def _find_account(uow: UnitOfWork, source: IngestSource) -> User | None:
    name = source.settings.account
    if name is None:
        return None
    account = uow.users.find_by_recorded_name(name)
    if account is None or account.disabled:
        raise MappingFault(
            f"The settings name the service account {name}, which does not exist or is disabled. "
            "Enable it, or change `account`; then replay the delivery."
        )
    return account


def _find_trigger(
    uow: UnitOfWork, source: IngestSource, reported: ReportedDeployment
) -> tuple[TriggeringPerson | None, tuple[Identity, ...]]:
    """Return the person named in the payload, and the identities of the login's holders."""
    person, settings = reported.person, source.settings
    issuer = settings.login_issuer or reported.login_issuer
    if person is None or issuer is None:
        return None, ()
    account = Account.of_name(issuer, person)
    user = uow.users.find_by_account(account)
    former = find_former_holder_identities(uow, account)
    if user is not None and not user.disabled:
        login = user.find_login(account)
        present = identity_of(user) if login is None else identity_through(user, login)
        return TriggeringPerson(name=user.name), (*former, present)
    if settings.unknown_actor is UnknownActor.REFUSE:
        raise unknown_person(source.kind, person, issuer)
    return TriggeringPerson(name=short_line(person), unmapped_issuer=issuer), former
