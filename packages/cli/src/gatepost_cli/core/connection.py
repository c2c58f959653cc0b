"""Finding out which server a command connects to, and with which token."""

from __future__ import annotations

import os
from argparse import Namespace
from dataclasses import dataclass
from typing import Final

from gatepost_cli.core.command import UsageError
from gatepost_cli.core.profiles import Profile, read_profiles

URL_VARIABLE: Final = "GATEPOST_URL"
TOKEN_VARIABLE: Final = "GATEPOST_TOKEN"  # noqa: S105  # a variable's name
PROFILE_VARIABLE: Final = "GATEPOST_PROFILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The settings of a client; None means the client's default."""

    url: str | None
    token: str | None

    @property
    def uses_owner_token(self) -> bool:
        """Whether the client must read the owner's token from the data folder."""
        return self.token is None


def find_connection(arguments: Namespace) -> Connection:
    """Return the settings from options, `--profile`, variables or the current profile.

    The first of these that provides a setting takes precedence.

    A profile's token is sent only to that profile's server.

    Raises:
        UsageError: A variable is set but empty, or the profile does not exist.
    """
    if os.environ.get(TOKEN_VARIABLE) == "" and arguments.token is None:
        raise UsageError(
            f"{TOKEN_VARIABLE} is set but empty; a pipeline secret may be missing. "
            f"To use a profile or the owner's token, unset {TOKEN_VARIABLE}."
        )
    url = arguments.url or os.environ.get(URL_VARIABLE) or None
    token = arguments.token
    if arguments.profile is None and token is None:
        token = os.environ.get(TOKEN_VARIABLE)
    if token is not None and (url is not None or arguments.profile is None):
        return Connection(url=url, token=token)
    profile = _find_profile(arguments)
    if profile is None:
        return Connection(url=url, token=token)
    if arguments.profile is not None and arguments.url is None:
        url = profile.url
    is_same_server = url is None or url.rstrip("/") == profile.url.rstrip("/")
    if token is None and is_same_server:
        return Connection(url=profile.url, token=profile.token)
    return Connection(url=url or profile.url, token=token)


def _find_profile(arguments: Namespace) -> Profile | None:
    return read_profiles().find(arguments.profile or os.environ.get(PROFILE_VARIABLE) or None)
