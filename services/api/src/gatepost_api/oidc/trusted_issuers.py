"""The trusted issuers: the identity provider for users and the issuers of pipeline tokens."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Final

import httpx2

from gatepost_api.oidc.issuer import InvalidIdToken, Issuer, JwtClaims
from gatepost_api.settings.oidc import (
    OidcSettings,
    PipelineRule,
    ProviderSettings,
    read_client_secret,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The identity provider with which users sign in."""

    settings: ProviderSettings
    issuer: Issuer
    client_secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineIssuer:
    """An issuer of pipeline tokens and the rules that map them to service accounts."""

    issuer: Issuer
    rules: tuple[PipelineRule, ...]

    async def verify_and_match_rule(self, token: str) -> tuple[PipelineRule, JwtClaims]:
        """Verify a pipeline's token; return the first rule that it matches, and the token's claims.

        Raises:
            InvalidIdToken: the token does not pass verification, or matches no rule.
            IssuerUnreachable: the issuer's keys cannot be fetched.
        """
        audiences = [rule.audience for rule in self.rules]
        claims = await self.issuer.verify(token, audience=audiences)
        for rule in self.rules:
            if rule.audience in _audiences(claims) and _matches(rule, claims):
                return rule, claims
        raise InvalidIdToken(
            "The token's claims match no trusted pipeline; an operator can add a rule to the "
            "GATEPOST_OIDC file."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuers:
    """The issuers whose tokens are accepted."""

    provider: Provider | None = None
    pipelines: tuple[PipelineIssuer, ...] = field(default=())


NO_TRUSTED_ISSUERS: Final = TrustedIssuers()


def build_trusted_issuers(
    settings: OidcSettings, http: httpx2.AsyncClient, now: Callable[[], datetime]
) -> TrustedIssuers:
    """Return the issuers that the settings trust, without contacting them.

    Raises:
        BadSettings: the client secret cannot be read.
    """
    provider = None
    if (provider_settings := settings.provider) is not None:
        provider = Provider(
            settings=provider_settings,
            issuer=Issuer(url=provider_settings.issuer, http=http, now=now),
            client_secret=read_client_secret(provider_settings),
        )
    issuers = dict.fromkeys(rule.issuer for rule in settings.pipelines)
    pipelines = tuple(
        PipelineIssuer(
            issuer=Issuer(url=url, http=http, now=now),
            rules=tuple(rule for rule in settings.pipelines if rule.issuer == url),
        )
        for url in issuers
    )
    return TrustedIssuers(provider=provider, pipelines=pipelines)


def _audiences(claims: JwtClaims) -> Collection[str]:
    audience: str | list[str] = claims["aud"]
    return [audience] if isinstance(audience, str) else audience


def _matches(rule: PipelineRule, claims: JwtClaims) -> bool:
    return all(
        isinstance(value := claims.get(name), str) and fnmatchcase(value, pattern)
        for name, pattern in rule.claims.items()
    )
