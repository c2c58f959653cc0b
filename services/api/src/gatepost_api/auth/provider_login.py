"""From what an issuer has signed to who that is here."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from gatepost_api.auth.token_secrets import digest_of, new_secret
from gatepost_api.http.context import Parts
from gatepost_api.oidc.issuer import Claims, NotVouched, expiry_of, issuer_of
from gatepost_api.oidc.providers import Provider
from gatepost_api.schemas.base import VISIBLE
from gatepost_domain.access.users import Token, TokenKind, User, UserKind
from gatepost_domain.actions.access import sessions
from gatepost_domain.actions.access.sessions import Fresh
from gatepost_domain.errors import AlreadyExists

_PROOFS: Final = UUID("5a1f2f0e-6d5c-5c0b-9f0a-6f2f3c1f7b11")
"""The namespace of ids that are made of a proof, so that a proof makes one token only."""
_A_NAME: Final = re.compile(rf"{VISIBLE}{{1,100}}")
_BOUND_TO: Final = ("repository", "project_path", "ref", "environment", "sha", "run_id", "job_id")
"""What is kept of a pipeline's claims, besides those that its rule asks for."""


async def arrive(parts: Parts, provider: Provider, claims: Claims, at: datetime) -> User:
    """Who it is that the identity provider vouches for, made known if they are new.

    Raises:
        NotVouched: the claims name nobody.
        SignInDenied: they may not come in.
    """
    settings = provider.settings
    name, subject = claims.get(settings.name_claim), claims["sub"]
    if not isinstance(name, str) or not _A_NAME.fullmatch(name):
        raise NotVouched(f"The claim {settings.name_claim} holds no name that a user can have.")
    return await parts.ledger.perform(
        partial(
            sessions.recognise,
            issuer=settings.issuer,
            subject=subject,
            name=name,
            standing=settings.standing(_groups(claims.get(settings.groups_claim))),
            at=at,
        )
    )


async def holder_by_provider(
    parts: Parts, provider: Provider, secret: str, at: datetime
) -> tuple[User, Token]:
    """Who sends a token of the identity provider for the first time.

    From then on it is known like any other, so that it can be revoked here too.

    Raises:
        NotVouched: the provider does not stand behind it.
        IssuerUnreachable: the provider's keys cannot be had.
        SignInDenied: they may not come in.
    """
    claims = await provider.issuer.verify(secret, audience=provider.settings.audience)
    user, digest = await arrive(parts, provider, claims, at), digest_of(secret)
    try:
        token = await parts.ledger.perform(
            partial(
                sessions.let_in,
                name=user.name,
                fresh=Fresh(id=_id_of(secret), digest=digest),
                at=at,
                kind=TokenKind.PROVIDER,
                expires_at=expiry_of(claims),
            )
        )
    except AlreadyExists:  # another request with the same token was a little faster
        held = await parts.reads.holder(digest)
        if held is None:
            raise
        return held
    return user, token


async def admit_pipeline(parts: Parts, proof: str, at: datetime) -> tuple[Token, str]:
    """Give a pipeline a token for its proof, and the token's secret.

    Raises:
        NotVouched: no trusted issuer stands behind it, or it is for no pipeline that is trusted.
        IssuerUnreachable: the issuer's keys cannot be had.
        SignInDenied: the service account takes nobody in.
        AlreadyExists: the proof was spent already.
    """
    named = issuer_of(proof)
    issuer = next((each for each in parts.trusted.pipelines if each.issuer.url == named), None)
    if issuer is None:
        raise NotVouched("No pipelines of this issuer are trusted here.")
    rule, claims = await issuer.rule_for(proof)
    person = claims.get(rule.person_claim)
    bound = dict.fromkeys((*rule.claims, *_BOUND_TO))
    secret = new_secret(UserKind.SERVICE)
    token = await parts.ledger.perform(
        partial(
            sessions.admit_pipeline,
            name=rule.user,
            fresh=Fresh(id=_id_of(proof), digest=digest_of(secret)),
            at=at,
            person=person if isinstance(person, str) and person else None,
            scopes=rule.confined_to,
            claims={name: text for name in bound if isinstance(text := claims.get(name), str)},
        )
    )
    return token, secret


def _groups(claim: object) -> frozenset[str]:
    """Providers send one group as a text, several as a list."""
    if isinstance(claim, str):
        return frozenset({claim})
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()


def _id_of(proof: str) -> UUID:
    return uuid5(_PROOFS, digest_of(proof))
