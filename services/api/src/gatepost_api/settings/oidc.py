"""The OIDC settings, read from the TOML file specified by GATEPOST_OIDC.

The file configures one identity provider for users and any number of pipelines:

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
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec

from gatepost_api.schemas.role_grant import GrantBody
from gatepost_api.settings.bad_settings import BadSettings
from gatepost_api.settings.server import is_loopback
from gatepost_domain.access.roles import Grant
from gatepost_domain.actions.access.sign_in import ProviderAccess

SOURCE_CLAIMS: Final = frozenset({"repository", "project_path", "sub"})
"""The claims that identify the source repository. A rule must restrict at least one; otherwise, it
would match any repository."""


class _TomlTable(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    pass


class ProviderGroup(_TomlTable):
    """The grants and groups given to members of a group at the identity provider."""

    name: str
    """The group's name in the provider's tokens."""
    grants: list[GrantBody] = []
    groups: list[str] = []


class ProviderSettings(_TomlTable):
    """The settings of the users' identity provider."""

    issuer: str
    """The issuer URL, as in the provider's tokens; the discovery document is found under it."""
    audience: str
    """The audience that the provider's tokens must have to be accepted as bearer tokens."""
    client_id: str
    """Gatepost's client id for browser sign-in."""
    client_secret_file: str | None = None
    """The file with the client secret, or None for a public client."""
    display_name: str = "single sign-on"
    """The provider's name on the sign-in page."""
    scopes: tuple[str, ...] = ("openid", "profile")
    name_claim: str = "preferred_username"
    """The claim that provides the user name at the first sign-in."""
    max_token_hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 366)] = 24
    """How many hours, at most, a token from the provider is accepted as a bearer token."""
    create_users: bool = True
    """Whether a first sign-in adds a user. Otherwise, people must be invited, and link their
    accounts at the provider themselves."""
    groups_claim: str = "groups"
    groups: list[ProviderGroup] = []
    """If any groups are set here, they determine the rights of the provider's users at every
    sign-in."""

    def access_of_groups(self, groups: frozenset[str]) -> ProviderAccess | None:
        """Return the access of a user in these groups, or None if access is managed in Gatepost."""
        if not self.groups:
            return None
        matching_groups = [group for group in self.groups if group.name in groups]
        grants = [grant.to_domain() for group in matching_groups for grant in group.grants]
        names = [name for group in matching_groups for name in group.groups]
        return ProviderAccess(
            grants=tuple(dict.fromkeys(grants)), groups=tuple(dict.fromkeys(names))
        )


class PipelineRule(_TomlTable):
    """A rule that lets matching pipelines act as a service account."""

    issuer: str
    audience: str
    claims: dict[str, str]
    """The required claims of the pipeline's token; `*` matches any characters."""
    user: str
    """The name of the service account."""
    scopes: list[GrantBody] | None = None
    """The grants to limit the pipeline to, or None for all of the account's grants."""
    person_claim: str = "actor"
    """The claim that names the person who triggered the pipeline. The four-eyes rule also
    attributes the pipeline's actions to the user who has a login with this issuer and name."""
    unknown_actor: Literal["mark", "refuse"] = "mark"
    """What happens if no user has that login: the request is marked, or the token is refused."""

    @property
    def scope_grants(self) -> tuple[Grant, ...] | None:
        """The scopes as domain grants."""
        return None if self.scopes is None else tuple(scope.to_domain() for scope in self.scopes)


class OidcSettings(_TomlTable):
    """The trusted identity provider and pipelines."""

    provider: ProviderSettings | None = None
    pipelines: list[PipelineRule] = []


def read_oidc_settings(file: Path | None, *, create_users: bool | None = None) -> OidcSettings:
    """Read the settings file; if there is none, no issuer is trusted.

    If `create_users` is not None, it overrides the setting in the file.

    Raises:
        BadSettings: the file cannot be read, an issuer is not an https URL, or a pipeline rule
            matches any repository.
    """
    if file is None:
        return OidcSettings()
    try:
        settings = msgspec.toml.decode(file.read_bytes(), type=OidcSettings)
    except (OSError, msgspec.DecodeError) as error:
        raise BadSettings(f"GATEPOST_OIDC: cannot read {file}: {error}") from error
    if settings.provider is not None:
        _check_issuer_url(settings.provider.issuer)
        if create_users is not None:
            settings.provider.create_users = create_users
    for pipeline in settings.pipelines:
        _check_issuer_url(pipeline.issuer)
        _check_source_restriction(pipeline.claims)
    return settings


def read_client_secret(provider: ProviderSettings) -> str | None:
    """Return the client secret for the provider, or None for a public client.

    Raises:
        BadSettings: the file cannot be read.
    """
    if provider.client_secret_file is None:
        return None
    try:
        return Path(provider.client_secret_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSettings(f"GATEPOST_OIDC: cannot read client_secret_file: {error}") from error


def _check_issuer_url(issuer: str) -> None:
    url = urlsplit(issuer)
    is_local_http = url.scheme == "http" and is_loopback(url.hostname or "")
    if url.hostname is None or (url.scheme != "https" and not is_local_http):
        raise BadSettings(f"GATEPOST_OIDC: the issuer {issuer!r} must be an https URL.")


def _check_source_restriction(claims: Mapping[str, str]) -> None:
    source_patterns = [claims[name] for name in SOURCE_CLAIMS & claims.keys()]
    if not any(pattern.strip("*") for pattern in source_patterns):
        raise BadSettings(
            "GATEPOST_OIDC: the claims of a pipeline must restrict the source repository; set "
            f"{' or '.join(sorted(SOURCE_CLAIMS))}."
        )
