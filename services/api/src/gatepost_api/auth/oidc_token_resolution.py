"""Finding the users and Gatepost tokens for tokens from the identity provider and pipelines."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from gatepost_api.auth.token_secrets import generate_token_secret, secret_digest
from gatepost_api.http.app_context import AppContext
from gatepost_api.oidc.issuer import InvalidIdToken, JwtClaims, expires_at_of, unverified_issuer
from gatepost_api.oidc.trusted_issuers import Provider
from gatepost_domain.access.users import Account, Token, TokenKind, User, UserKind
from gatepost_domain.actions.access import sign_in as sessions
from gatepost_domain.actions.access.pipeline_tokens import issue_pipeline_token
from gatepost_domain.actions.access.sign_in import NewToken
from gatepost_domain.allowed_characters import replace_refused_characters
from gatepost_domain.errors import AlreadyExists

_PROOF_NAMESPACE: Final = UUID("5a1f2f0e-6d5c-5c0b-9f0a-6f2f3c1f7b11")
"""The UUID namespace of token ids derived from a proof, so that each proof creates only one
token."""
MAX_NAME_LENGTH: Final = 200
"""The maximum length of a person's name at an identity provider."""
_RECORDED_CLAIMS: Final = (
    "repository",
    "project_path",
    "ref",
    "environment",
    "sha",
    "run_id",
    "job_id",
)
"""The claims of a pipeline's token recorded in addition to those that the rule matches."""


async def find_or_create_provider_user(
    context: AppContext, provider: Provider, claims: JwtClaims, at: datetime
) -> User:
    """Return the user identified by the provider's claims, creating the user if necessary.

    Raises:
        InvalidIdToken: the claims contain no valid user name.
        SignInDenied: the user is not allowed to sign in.
    """
    settings = provider.settings
    name, subject = claims.get(settings.name_claim), claims["sub"]
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME_LENGTH:
        raise InvalidIdToken(f"The claim {settings.name_claim} contains no valid user name.")
    return await context.ledger.perform(
        partial(
            sessions.find_or_create_user,
            issuer=settings.issuer,
            subject=subject,
            name=name,
            access=settings.access_of_groups(_group_names(claims.get(settings.groups_claim))),
            at=at,
            may_create=settings.create_users,
        )
    )


async def verify_and_store_provider_token(
    context: AppContext, provider: Provider, secret: str, at: datetime
) -> tuple[User, Token]:
    """Verify a provider's token on first use, store it, and return its user and the stored token.

    The token is stored like any other, so that it can be revoked in Gatepost.

    Raises:
        InvalidIdToken: the token was not issued for Gatepost, or is not currently valid.
        IssuerUnreachable: the provider's keys cannot be fetched.
        SignInDenied: the user is not allowed to sign in.
    """
    claims = await provider.issuer.verify(secret, audience=provider.settings.audience)
    user, digest = (
        await find_or_create_provider_user(context, provider, claims, at),
        secret_digest(secret),
    )
    try:
        token = await context.ledger.perform(
            partial(
                sessions.issue_token_after_provider_sign_in,
                name=user.name,
                new_token=NewToken(id=_token_id(secret), digest=digest),
                at=at,
                kind=TokenKind.PROVIDER,
                account=account_of(provider, claims),
                expires_at=min(
                    expires_at_of(claims),
                    at + timedelta(hours=provider.settings.max_token_hours),
                ),
            )
        )
    except AlreadyExists:  # a concurrent request with the same token was faster
        user_and_token = await context.reads.find_token_holder(digest)
        if user_and_token is None:
            raise
        return user_and_token
    return user, token


async def exchange_pipeline_token(
    context: AppContext, id_token: str, at: datetime
) -> tuple[Token, str]:
    """Exchange a pipeline's OIDC token for a Gatepost token and its secret.

    Raises:
        InvalidIdToken: the token is not from a trusted issuer, or no rule matches the pipeline.
        IssuerUnreachable: the issuer's keys cannot be fetched.
        SignInDenied: the service account cannot be used.
        AlreadyExists: the token was already exchanged.
    """
    issuer_url = unverified_issuer(id_token)
    issuer = next(
        (
            candidate
            for candidate in context.trusted_issuers.pipelines
            if candidate.issuer.url == issuer_url
        ),
        None,
    )
    if issuer is None:
        raise InvalidIdToken(
            "The issuer of this token is not trusted for pipelines; an operator can add it to the "
            "GATEPOST_OIDC file."
        )
    rule, claims = await issuer.verify_and_match_rule(id_token)
    person_name = claims.get(rule.person_claim)
    recorded_claims = dict.fromkeys((*rule.claims, *_RECORDED_CLAIMS))
    secret = generate_token_secret(UserKind.SERVICE)
    token = await context.ledger.perform(
        partial(
            issue_pipeline_token,
            name=rule.user,
            new_token=NewToken(id=_token_id(id_token), digest=secret_digest(secret)),
            at=at,
            triggered_by=(
                rule.issuer,
                person_name if isinstance(person_name, str) and person_name.strip() else None,
            ),
            refuse_unknown=rule.unknown_actor == "refuse",
            scopes=rule.scope_grants,
            claims={
                name: replace_refused_characters(value)
                for name in recorded_claims
                if isinstance(value := claims.get(name), str)
            },
        )
    )
    return token, secret


def account_of(provider: Provider, claims: JwtClaims) -> Account:
    """Return the identity provider account that the claims identify."""
    return Account.of_subject(provider.settings.issuer, claims["sub"])


def _group_names(claim: object) -> frozenset[str]:
    """Return the groups in a claim; the claim is a string for one group, or a list for several."""
    if isinstance(claim, str):
        return frozenset({claim})
    return frozenset(map(str, claim)) if isinstance(claim, list) else frozenset()


def _token_id(id_token: str) -> UUID:
    return uuid5(_PROOF_NAMESPACE, secret_digest(id_token))
