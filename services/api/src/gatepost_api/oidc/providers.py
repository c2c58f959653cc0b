"""Who may say who somebody is: the identity provider of the people, the issuers of pipelines."""

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
    PipelineSettings,
    ProviderSettings,
    read_client_secret,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The identity provider of the people."""

    settings: ProviderSettings
    issuer: Issuer
    client_secret: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineIssuer:
    """What one issuer says of pipelines, and which of them may act as what."""

    issuer: Issuer
    rules: tuple[PipelineSettings, ...]

    async def match_rule(self, token: str) -> tuple[PipelineSettings, JwtClaims]:
        """The first rule that a pipeline's proof meets, and what it says.

        Raises:
            NotVouched: the issuer did not sign it, or it meets no rule.
            IssuerUnreachable: the issuer's keys cannot be had.
        """
        audiences = [rule.audience for rule in self.rules]
        claims = await self.issuer.verify(token, audience=audiences)
        for rule in self.rules:
            if rule.audience in _audiences(claims) and _matches(rule, claims):
                return rule, claims
        raise InvalidIdToken("No pipeline that is trusted here says that of itself.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuers:
    """Who may say who somebody is."""

    provider: Provider | None = None
    pipelines: tuple[PipelineIssuer, ...] = field(default=())


NO_TRUSTED_ISSUERS: Final = TrustedIssuers()


def build_trusted_issuers(
    settings: OidcSettings, http: httpx2.AsyncClient, now: Callable[[], datetime]
) -> TrustedIssuers:
    """Whom the settings trust; nobody is asked anything yet.

    Raises:
        BadSettings: the client's secret cannot be read.
    """
    people = settings.provider
    provider = None
    if people is not None:
        issuer = Issuer(url=people.issuer, http=http, now=now)
        secret = read_client_secret(people)
        provider = Provider(settings=people, issuer=issuer, client_secret=secret)
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
    meant: str | list[str] = claims["aud"]
    return [meant] if isinstance(meant, str) else meant


def _matches(rule: PipelineSettings, claims: JwtClaims) -> bool:
    return all(
        isinstance(said := claims.get(name), str) and fnmatchcase(said, pattern)
        for name, pattern in rule.claims.items()
    )
