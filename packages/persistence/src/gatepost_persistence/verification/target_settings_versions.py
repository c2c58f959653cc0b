"""Verification of the versions of target settings that deployments refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from gatepost_domain.catalog.target import DEFAULT_TARGET_SETTINGS, settings_to_json
from gatepost_domain.verification.faults import Fault
from gatepost_persistence.mapping.recorded_tables import encode_canonical

_SETTINGS: Final = tuple(settings_to_json(DEFAULT_TARGET_SETTINGS))
"""The members of a `target_changed` event's data that are settings of the target."""


class TargetVersion(NamedTuple):
    """A version of a target's settings, as its event recorded it."""

    seq: int
    at: str
    digest: str


TargetVersions = dict[tuple[str, str, int], TargetVersion]
"""The versions by service, environment and revision."""


def add_target_version(
    versions: TargetVersions, event: Mapping[str, Any], data: Mapping[str, Any]
) -> None:
    """Add the version that a `target_changed` event recorded."""
    settings = {name: data[name] for name in _SETTINGS if name in data}
    settings.setdefault("deadline_s", DEFAULT_TARGET_SETTINGS.deadline_s)
    digest = sha256(encode_canonical(settings)).hexdigest()
    key = data["service"], data["environment"], data["revision"]
    versions[key] = TargetVersion(event["seq"], event["at"], digest)


def find_target_faults(
    values: Mapping[str, Any], events: Sequence[Mapping[str, Any]], versions: TargetVersions
) -> Iterator[Fault]:
    """Yield a fault unless a deployment refers to the right version of its target's settings.

    The right version is the one that was in force when the deployment was requested.
    """
    if not events or "target_version" not in events[0]["data"]:
        return
    subject, requested = f"DEP-{values['number']}", events[0]["seq"]
    version, lane = values["target_version"], (values["service"], values["environment"])
    if version is not None:
        kept = versions.get((*lane, version))
        if kept is None or kept.seq > requested:
            detail = f"The deployment keeps version {version}, which no earlier event set."
            yield Fault("target_unknown", "deployments", subject, "target_version", detail)
            return
        for name, recorded in (("target_digest", kept.digest), ("target_set_at", kept.at)):
            if values[name] != recorded:
                detail = (
                    f"{name} is stored as {values[name]!r}, but event {kept.seq}, which set "
                    f"version {version} of the target, recorded {recorded!r}."
                )
                yield Fault("target_differs", "deployments", subject, name, detail)
    newer = versions.get((*lane, (version or 0) + 1))
    if newer is not None and newer.seq < requested:
        detail = (
            f"The deployment keeps {'no version' if version is None else f'version {version}'}, "
            f"but event {newer.seq} had set version {(version or 0) + 1} before the request."
        )
        yield Fault("target_not_current", "deployments", subject, "target_version", detail)
