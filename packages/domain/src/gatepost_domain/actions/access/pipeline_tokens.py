"""Exchanging a pipeline's identity token for a token of a service account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from gatepost_domain.access.actor import UNKNOWN_PERSON, TriggeringPerson
from gatepost_domain.access.command import Command
from gatepost_domain.access.credential_provenance import Identity, build_identity
from gatepost_domain.access.errors import SignInDenied
from gatepost_domain.access.roles import Grant
from gatepost_domain.access.users import (
    Account,
    Token,
    TokenKind,
    User,
    UserKind,
    identity_through,
    to_actor,
)
from gatepost_domain.actions.access.account_linking import find_former_holder_identities
from gatepost_domain.actions.access.sign_in import NewToken, build_token, sign_in_denied
from gatepost_domain.actions.access.user_events import token_event
from gatepost_domain.event import EventKind
from gatepost_domain.ports.unit_of_work import UnitOfWork

PIPELINE_TOKEN_LIFETIME: Final = timedelta(minutes=15)
"""How long a pipeline's token is valid."""

MAX_TRIGGER_NAME_LENGTH: Final = 200
"""The length to which a name reported by a pipeline is cut."""


def issue_pipeline_token(
    uow: UnitOfWork,
    name: str,
    new_token: NewToken,
    at: datetime,
    *,
    triggered_by: tuple[str, str | None],
    scopes: tuple[Grant, ...] | None,
    claims: Mapping[str, str],
    refuse_unknown: bool = False,
) -> Token:
    """Create a token for the service account that a pipeline is trusted to use.

    `claims` are those of the pipeline's identity token. `triggered_by` is the login of the person
    who triggered the pipeline: the issuer of the identity token, and the person's name in it. A
    token without a name (None) is treated like a login that no user has. In the four-eyes rule, the
    user with this login counts as the new token's issuer, together with everybody who could have
    acted as that person or linked the login, and everybody who used to have it. If no user has this
    login now, the new token is marked or, with `refuse_unknown`, refused.

    Raises:
        SignInDenied: there is no such service account, or it is disabled; the person who triggered
            the pipeline is disabled, or unknown and required to be known.
        AlreadyExists: the identity token was already exchanged.
    """
    user = uow.users.find_by_recorded_name(name)
    if user is None or user.kind is not UserKind.SERVICE or user.disabled:
        message = f"There is no enabled service account {name}."
        raise sign_in_denied(message, at, user=name)
    issuer, triggering = triggered_by
    account = None if triggering is None else Account.of_name(issuer, triggering)
    person = None if account is None else _find_triggering_person(uow, account, at)
    if person is None and refuse_unknown:
        raise _unknown_trigger(issuer, triggering, at)
    token = replace(
        build_token(
            user, new_token, at, kind=TokenKind.PIPELINE, expires_at=at + PIPELINE_TOKEN_LIFETIME
        ),
        issuer=user.human if person is None else person.human,
        origin=_find_login_holder_identity(uow, person, account),
        trigger=_build_trigger(issuer, triggering, person),
        scopes=scopes,
        label=" ".join(claims.values())[:200],
    )
    command = Command(actor=to_actor(user, token), at=at)
    event = token_event(EventKind.SIGNED_IN, command, user, token, claims=dict(claims))
    uow.users.add_token(token, event)
    return token


def _find_triggering_person(uow: UnitOfWork, account: Account, at: datetime) -> User | None:
    person = uow.users.find_by_account(account)
    if person is not None and person.disabled:
        message = f"The user {person.name}, who triggered the pipeline, is disabled."
        raise sign_in_denied(message, at, user=person.name)
    return person


def _find_login_holder_identity(
    uow: UnitOfWork, person: User | None, account: Account | None
) -> Identity | None:
    """Return the identity of everybody who has or had the login, or None if nobody ever had it."""
    if account is None:
        return None
    identities = list(find_former_holder_identities(uow, account))
    login = None if person is None else person.find_login(account)
    if person is not None and login is not None:
        identities.append(identity_through(person, login))
    if not identities:
        return None
    return build_identity((name for each in identities for name in each.humans), *identities)


def _unknown_trigger(issuer: str, name: str | None, at: datetime) -> SignInDenied:
    if name is None:
        return sign_in_denied(
            "The token does not name the person who triggered the pipeline. Set person_claim in "
            f"the rule for {issuer}.",
            at,
        )
    message = (
        f"No user is known for {name}, who triggered the pipeline; an admin can add a login with "
        f"the name {name} and the issuer {issuer} to this person's user."
    )
    return sign_in_denied(message, at, account=Account.of_name(issuer, name))


def _build_trigger(issuer: str, name: str | None, person: User | None) -> TriggeringPerson:
    if person is not None:
        return TriggeringPerson(name=person.name)
    reported = UNKNOWN_PERSON if name is None else name[:MAX_TRIGGER_NAME_LENGTH]
    return TriggeringPerson(name=reported, unmapped_issuer=issuer)
