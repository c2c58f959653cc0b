"""From what an issuer has signed to who that is here."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.http.context import AppContext
from gatepost_api.oidc.issuer import InvalidIdToken, JwtClaims, expires_at_of, unverified_issuer
from gatepost_api.oidc.providers import Provider
from gatepost_api.schemas.base import VISIBLE_CHARACTER
from gatepost_domain.access.users import Token, TokenKind, User, UserKind
from gatepost_domain.actions.access import sessions
from gatepost_domain.actions.access.sessions import NewToken
from gatepost_domain.errors import AlreadyExists

_PROOF_NAMESPACE: Final = UUID("5a1f2f0e-6d5c-5c0b-9f0a-6f2f3c1f7b11")
"""The namespace of ids that are made of a proof, so that a proof makes one token only."""
_USER_NAME: Final = re.compile(rf"{VISIBLE_CHARACTER}{{1,100}}")
_RECORDED_CLAIMS: Final = (
    "repository",
    "project_path",
    "ref",
    "environment",
    "sha",
    "run_id",
    "job_id",
)
"""What is kept of a pipeline's claims, besides those that its rule asks for."""


async def resolve_user(
    context: AppContext, provider: Provider, claims: JwtClaims, at: datetime
) -> User:
    """Who it is that the identity provider vouches for, made known if they are new.

    Raises:
        NotVouched: the claims name nobody.
        SignInDenied: they may not come in.
    """
    settings = provider.settings
    name, subject = claims.get(settings.name_claim), claims["sub"]
    if not isinstance(name, str) or not _USER_NAME.fullmatch(name):
        raise InvalidIdToken(f"The claim {settings.name_claim} holds no name that a user can have.")
    return await context.ledger.perform(
        partial(
            sessions.find_or_create_user,
            issuer=settings.issuer,
            subject=subject,
            name=name,
            access=settings.rights_of_groups(_group_names(claims.get(settings.groups_claim))),
            at=at,
        )
    )


async def resolve_provider_token(
    context: AppContext, provider: Provider, secret: str, at: datetime
) -> tuple[User, Token]:
    """Who sends a token of the identity provider for the first time.

    From then on it is known like any other, so that it can be revoked here too.

    Raises:
        NotVouched: the provider does not stand behind it.
        IssuerUnreachable: the provider's keys cannot be had.
        SignInDenied: they may not come in.
    """
    claims = await provider.issuer.verify(secret, audience=provider.settings.audience)
    user, digest = await resolve_user(context, provider, claims, at), secret_digest(secret)
    try:
        token = await context.ledger.perform(
            partial(
                sessions.issue_sign_in_token,
                name=user.name,
                new_token=NewToken(id=_token_id(secret), digest=digest),
                at=at,
                kind=TokenKind.PROVIDER,
                expires_at=expires_at_of(claims),
            )
        )
    except AlreadyExists:  # another request with the same token was a little faster
        held = await context.reads.find_token_holder(digest)
        if held is None:
            raise
        return held
    return user, token


async def exchange_pipeline_token(
    context: AppContext, proof: str, at: datetime
) -> tuple[Token, str]:
    """Give a pipeline a token for its proof, and the token's secret.

    Raises:
        NotVouched: no trusted issuer stands behind it, or it is for no pipeline that is trusted.
        IssuerUnreachable: the issuer's keys cannot be had.
        SignInDenied: the service account takes nobody in.
        AlreadyExists: the proof was spent already.
    """
    named = unverified_issuer(proof)
    issuer = next(
        (each for each in context.trusted_issuers.pipelines if each.issuer.url == named), None
    )
    if issuer is None:
        raise InvalidIdToken("No pipelines of this issuer are trusted here.")
    rule, claims = await issuer.match_rule(proof)
    person = claims.get(rule.person_claim)
    bound = dict.fromkeys((*rule.claims, *_RECORDED_CLAIMS))
    secret = generate_token_secret(UserKind.SERVICE)
    token = await context.ledger.perform(
        partial(
            sessions.issue_pipeline_token,
            name=rule.user,
            new_token=NewToken(id=_token_id(proof), digest=secret_digest(secret)),
            at=at,
            triggered_by=person if isinstance(person, str) and person else None,
            scopes=rule.scope_grants,
            claims={name: text for name in bound if isinstance(text := claims.get(name), str)},
        )
    )
    return token, secret


def _group_names(claim: object) -> frozenset[str]:
    """Providers send one group as a text, several as a list."""
    if isinstance(claim, str):
        return frozenset({claim})
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()


def _token_id(proof: str) -> UUID:
    return uuid5(_PROOF_NAMESPACE, secret_digest(proof))
