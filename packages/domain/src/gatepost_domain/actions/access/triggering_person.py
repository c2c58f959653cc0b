"""Finding the person who triggered a deployment's pipeline, according to current logins."""

from __future__ import annotations

from dataclasses import replace

from gatepost_domain.access.actor import UNKNOWN_PERSON
from gatepost_domain.access.users import Account, identity_through
from gatepost_domain.actions.access.account_linking import find_former_holder_identities
from gatepost_domain.deployments.deployment import Deployment
from gatepost_domain.ports.unit_of_work import UnitOfWork


def resolve_triggering_person(uow: UnitOfWork, deployment: Deployment) -> Deployment:
    """Return the deployment with its triggering person, if a login now identifies that person.

    Former holders of this login are also looked up.
    """
    name, issuer = deployment.triggered_by, deployment.unmapped_issuer
    if name is None or name == UNKNOWN_PERSON or issuer is None:
        return deployment
    account = Account.of_name(issuer, name)
    person = uow.users.find_by_account(account)
    login = None if person is None else person.find_login(account)
    return replace(
        deployment,
        trigger_mapped_to=None
        if person is None or login is None
        else identity_through(person, login),
        former_triggers=find_former_holder_identities(uow, account),
    )
