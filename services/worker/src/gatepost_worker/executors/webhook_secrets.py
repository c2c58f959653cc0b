"""The secrets with which requests to CI engines are signed: one for each target."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, cast

from gatepost_worker.executors.executor_kind import InvalidOption
from gatepost_worker.executors.webhook_signature import InvalidSecret, WebhookSigner
from gatepost_worker.isolation.secret_reading import UnreadableSecret, read_secret
from gatepost_worker.tasks import Deployment

SECRET_VARIABLE: Final = "GATEPOST_WEBHOOK_SECRET"  # noqa: S105  # the name of a variable
"""The secret for all targets without their own. It has no flag, because every user of a machine can
read the flags of its processes."""
SECRETS_VARIABLE: Final = "GATEPOST_WEBHOOK_SECRETS"
"""Names the file with one secret for each target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSecret:
    """The secret for the targets that a pattern matches."""

    service: str
    environment: str
    """Patterns with `*`, `?` and `[…]`."""
    signer: WebhookSigner = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecrets:
    """All secrets with which a worker signs requests to CI engines."""

    by_target: Sequence[TargetSecret] = ()
    shared: WebhookSigner | None = field(default=None, repr=False)
    """The signer for all other targets, if there is one."""

    def signer_for(self, deployment: Deployment) -> WebhookSigner | None:
        """Return the signer of the first pattern that matches, or else the shared one."""
        for secret in self.by_target:
            if fnmatchcase(deployment.service, secret.service) and fnmatchcase(
                deployment.environment, secret.environment
            ):
                return secret.signer
        return self.shared


def read_webhook_secrets(source: str | None, environment: Mapping[str, str]) -> WebhookSecrets:
    """Return the secrets in a TOML file with lines `"service/environment" = "whsec_…"`.

    The source is a path or a descriptor, as for the worker's token.

    Raises:
        InvalidOption: the file or a secret is invalid, or two targets have the same secret.
    """
    shared = environment.get(SECRET_VARIABLE)
    signer = _create_signer(shared, SECRET_VARIABLE) if shared else None
    if not source:
        return WebhookSecrets(shared=signer)
    try:
        document = tomllib.loads(read_secret(source))
    except UnreadableSecret as error:
        raise InvalidOption(f"{SECRETS_VARIABLE}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidOption(f"{SECRETS_VARIABLE}: {source} is not a TOML file: {error}") from error
    values = cast("dict[str, object]", document)
    by_target = tuple(_parse_target_secret(target, value) for target, value in values.items())
    if len({f"{value}" for value in values.values()} - {shared}) < len(values):
        raise InvalidOption(f"{SECRETS_VARIABLE}: give each target a secret of its own")
    return WebhookSecrets(by_target=by_target, shared=signer)


def _parse_target_secret(target: str, value: object) -> TargetSecret:
    service, slash, environment = target.partition("/")
    if not (service and slash and environment) or not isinstance(value, str):
        raise InvalidOption(
            f'{SECRETS_VARIABLE}: {target!r} must be "SERVICE/ENVIRONMENT" = "whsec_…"'
        )
    name = f"{SECRETS_VARIABLE}: {target}"
    return TargetSecret(
        service=service, environment=environment, signer=_create_signer(value, name)
    )


def _create_signer(secret: str, name: str) -> WebhookSigner:
    try:
        return WebhookSigner(secret)
    except InvalidSecret as error:
        raise InvalidOption(f"{name}: {error}") from error
