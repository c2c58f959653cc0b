"""Whom the operator trusts to say who somebody is: the file that GATEPOST_OIDC names.

It is TOML: one identity provider for people, any number of pipelines.

    [provider]
    issuer = "https://id.example.com"
    audience = "gatepost"
    client_id = "gatepost"

    [[provider.groups]]
    name = "platform"
    groups = ["devops"]
    grants = [{ role = "operator" }]

    [[pipelines]]
    issuer = "https://token.actions.githubusercontent.com"
    audience = "gatepost"
    claims = { repository = "acme/shop", ref = "refs/heads/main" }
    user = "shop-pipeline"
    scopes = [{ role = "requester", service = "shop" }]
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from gatepost_api.schemas.grants import GrantBody
from gatepost_api.settings.server import BadSettings, is_loopback
from gatepost_domain.access.roles import Grant
from gatepost_domain.actions.access.sessions import ProviderAccess

SOURCE_CLAIMS: Final = frozenset({"repository", "project_path", "sub"})
"""The claims of which one must be asked for: without, any repository in the world would do."""


class _TomlTable(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    pass


class ProviderGroup(_TomlTable):
    """What it means here to be in a group of the identity provider."""

    name: str
    """The group, as the provider's tokens name it."""
    grants: list[GrantBody] = []
    groups: list[str] = []


class ProviderSettings(_TomlTable):
    """The identity provider of the people."""

    issuer: str
    """As its tokens name it; where its discovery document is."""
    audience: str
    """What its tokens must be meant for, to be accepted as bearer."""
    client_id: str
    """Who we are to it when a browser signs in."""
    client_secret_file: str | None = None
    """Where the secret lies by which we prove that; none for a public client."""
    display_name: str = "single sign-on"
    """What the sign-in page calls it."""
    scopes: tuple[str, ...] = ("openid", "profile")
    name_claim: str = "preferred_username"
    """Which claim names somebody here the first time they come."""
    groups_claim: str = "groups"
    groups: list[ProviderGroup] = []
    """Where any is given, the provider decides at every sign-in what its people may do."""

    def rights_of_groups(self, groups: frozenset[str]) -> ProviderAccess | None:
        """What somebody in these groups may do; none where that is decided here."""
        if not self.groups:
            return None
        theirs = [group for group in self.groups if group.name in groups]
        grants = [grant.to_domain() for group in theirs for grant in group.grants]
        names = [name for group in theirs for name in group.groups]
        return ProviderAccess(
            grants=tuple(dict.fromkeys(grants)), groups=tuple(dict.fromkeys(names))
        )


class PipelineSettings(_TomlTable):
    """Which pipelines may act as a service account."""

    issuer: str
    audience: str
    claims: dict[str, str]
    """What the pipeline's token must say of it; `*` stands for any characters."""
    user: str
    """The service account."""
    scopes: list[GrantBody] | None = None
    """What it is confined to, of what the account may do."""
    person_claim: str = "actor"
    """Which claim names the person who set it off, who then counts as behind it."""

    @property
    def scope_grants(self) -> tuple[Grant, ...] | None:
        """As the domain has it."""
        return None if self.scopes is None else tuple(scope.to_domain() for scope in self.scopes)


class OidcSettings(_TomlTable):
    """Whom the operator trusts to say who somebody is."""

    provider: ProviderSettings | None = None
    pipelines: list[PipelineSettings] = []


def read_oidc_settings(file: Path | None) -> OidcSettings:
    """Read the file; nobody is trusted without one.

    Raises:
        BadSettings: it cannot be read, or trusts more than anybody can mean.
    """
    if file is None:
        return OidcSettings()
    try:
        trust = msgspec.toml.decode(file.read_bytes(), type=OidcSettings)
    except (OSError, msgspec.DecodeError) as error:
        raise BadSettings(f"GATEPOST_OIDC: cannot read {file}: {error}") from error
    if trust.provider is not None:
        _check_issuer(trust.provider.issuer)
    for pipeline in trust.pipelines:
        _check_issuer(pipeline.issuer)
        _check_claims(pipeline.claims)
    return trust


def read_client_secret(provider: ProviderSettings) -> str | None:
    """The secret by which we prove who we are to the provider.

    Raises:
        BadSettings: the file cannot be read.
    """
    if provider.client_secret_file is None:
        return None
    try:
        return Path(provider.client_secret_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"GATEPOST_OIDC: cannot read the client's secret: {error}") from error


def _check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer)
    local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if parts.hostname is None or (parts.scheme != "https" and not local):
        raise BadSettings(f"GATEPOST_OIDC: the issuer {issuer!r} must be an https URL.")


def _check_claims(claims: Mapping[str, str]) -> None:
    asked = [claims[name] for name in SOURCE_CLAIMS & claims.keys()]
    if not any(pattern.strip("*") for pattern in asked):
        raise BadSettings(
            "GATEPOST_OIDC: claims of pipelines must say whose code runs, by "
            f"{', '.join(sorted(SOURCE_CLAIMS))}."
        )
