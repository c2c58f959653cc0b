"""Profiles: the servers and tokens that `gatepost login` stores for the current OS user."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from gatepost_cli.core.command import UsageError

DEFAULT_PROFILE: Final = "default"
_FILE: Final = "profiles.json"
_KEYRING_SERVICE: Final = "gatepost"
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A server and the token for it."""

    name: str
    url: str
    token: str | None
    """The token; None if it is in the operating system's keyring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """All profiles, and the name of the one that is used by default."""

    current: str | None
    by_name: Mapping[str, Profile]

    def find(self, name: str | None) -> Profile | None:
        """Return a profile with its token; without a name, the current one.

        Raises:
            UsageError: There is no profile with this name, or its token cannot be read.
        """
        wanted = name or self.current
        if wanted is None:
            return None
        profile = self.by_name.get(wanted)
        if profile is None:
            known = ", ".join(self.by_name) or "none"
            raise UsageError(
                f"there is no profile {wanted!r} (profiles: {known}); "
                f"create it with gatepost login --profile {wanted}"
            )
        return (
            profile if profile.token is not None else replace(profile, token=_load_token(profile))
        )


def config_folder() -> Path:
    """Return the platform's folder for the current user's settings."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming", "gatepost")
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/gatepost"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "gatepost")


def read_profiles() -> Profiles:
    """Return the stored profiles.

    Raises:
        UsageError: The file cannot be read.
    """
    file = config_folder() / _FILE
    try:
        document: dict[str, Any] = json.loads(file.read_text("utf-8"))
        profiles = {
            name: Profile(name=name, url=fields["url"], token=fields["token"])
            for name, fields in document["profiles"].items()
        }
        return Profiles(current=document["current"], by_name=profiles)
    except FileNotFoundError:
        return Profiles(current=None, by_name={})
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{file} is damaged; remove the file and log in again") from error


def store_profile(profile: Profile) -> str:
    """Store a profile and make it the current one; return where its token is stored."""
    profiles = read_profiles()
    is_in_keyring = _store_token(profile)
    stored = replace(profile, token=None) if is_in_keyring else profile
    _write_file({**profiles.by_name, profile.name: stored}, current=profile.name)
    return "the keyring" if is_in_keyring else f"{config_folder() / _FILE}"


def set_current_profile(name: str) -> None:
    """Make a profile the current one, which is used unless another one is given.

    Raises:
        UsageError: There is no profile with this name.
    """
    profiles = read_profiles()
    profiles.find(name)
    _write_file(profiles.by_name, current=name)


def remove_profile(name: str | None) -> Profile:
    """Remove a profile with its token; without a name, the current one.

    Raises:
        UsageError: There is no such profile.
    """
    profiles = read_profiles()
    profile = profiles.find(name)
    if profile is None:
        raise UsageError("there is no profile")
    _delete_token(profile)
    others = {key: each for key, each in profiles.by_name.items() if key != profile.name}
    current = profiles.current if profiles.current in others else next(iter(others), None)
    _write_file(others, current=current)
    return profile


def _write_file(profiles: Mapping[str, Profile], *, current: str | None) -> None:
    """Replace the file with one that only the current user can read."""
    folder = config_folder()
    document = {
        "current": current,
        "profiles": {
            each.name: {"url": each.url, "token": each.token} for each in profiles.values()
        },
    }
    unfinished = folder / f"{_FILE}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
        unfinished.replace(folder / _FILE)
    except OSError as error:
        raise UsageError(f"cannot write {folder / _FILE}: {error.strerror}") from error


def _store_token(profile: Profile) -> bool:
    """Store the token in the keyring, if the package `keyring` is installed and works."""
    keyring = _find_keyring()
    if keyring is None or profile.token is None:
        return False
    try:
        keyring.set_password(_KEYRING_SERVICE, profile.name, profile.token)
    except keyring.errors.KeyringError:  # for example on a machine without a desktop
        return False
    return True


def _load_token(profile: Profile) -> str:
    keyring = _find_keyring()
    token = None
    if keyring is not None:
        try:
            token = keyring.get_password(_KEYRING_SERVICE, profile.name)
        except keyring.errors.KeyringError:
            token = None
    if token is None:
        raise UsageError(
            f"the token of the profile {profile.name!r} is not in the keyring; "
            f"log in again with gatepost login --profile {profile.name}"
        )
    return str(token)


def _delete_token(profile: Profile) -> None:
    keyring = _find_keyring()
    if keyring is not None:
        try:
            keyring.delete_password(_KEYRING_SERVICE, profile.name)
        except keyring.errors.KeyringError:
            return  # the keyring had no such token


def _find_keyring() -> Any:  # noqa: ANN401  # an optional package
    if find_spec("keyring") is None:
        return None
    import_module("keyring.errors")
    return import_module("keyring")
