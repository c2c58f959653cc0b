"""Deriving a version's possible names from the ref and commit in a payload."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gatepost_domain.ingest.payload_values import is_version_name

_RELEASE: Final = re.compile(r"v?\d+(\.\d+)+([-+.].*)?", re.IGNORECASE)
_REF_PREFIXES: Final = ("refs/tags/", "refs/heads/")


def names_from_ref(ref: str | None, commit: str | None, *, is_tag: bool = False) -> tuple[str, ...]:
    """Return the possible names of a version with this ref and commit, best first.

    A tag, or a ref that looks like a release such as `v1.4.2`, comes before the commit; a branch
    comes after it, because it names many versions.
    """
    name = _short_ref(ref)
    is_release = is_tag or (ref or "").startswith("refs/tags/") or _is_release(name)
    ordered = (name, commit) if is_release else (commit, name)
    return distinct_valid_names(ordered)


def distinct_valid_names(names: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names that are valid version names, without duplicates."""
    return tuple(dict.fromkeys(name for name in names if name and is_version_name(name)))


def _short_ref(ref: str | None) -> str | None:
    for prefix in _REF_PREFIXES:
        if ref is not None and ref.startswith(prefix):
            return ref.removeprefix(prefix)
    return ref


def _is_release(name: str | None) -> bool:
    return name is not None and _RELEASE.fullmatch(name) is not None
