"""Snapshots of settings as JSON values, which show what a settings change changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TypeAlias

from gatepost_domain.access.users import User
from gatepost_domain.catalog.environment import Environment, PolicyVersion
from gatepost_domain.catalog.target import Target, settings_to_json
from gatepost_domain.event import to_rfc3339
from gatepost_domain.tracking.current_state import TargetRetirement

Settings: TypeAlias = PolicyVersion | Environment | Target | TargetRetirement | User


def settings_snapshot(settings: Settings) -> dict[str, object]:
    """Return the values that a settings change can affect, without author, time or revision."""
    return {name: _to_json(value) for name, value in _fields(settings).items()}


def _to_json(value: object) -> object:
    """Return the value after encoding it as JSON and decoding the JSON."""
    match value:
        case str():
            return str(value)
        case dict():
            return {str(name): _to_json(item) for name, item in value.items()}
        case list() | tuple():
            return [_to_json(item) for item in value]
        case _:
            return value


def _fields(settings: Settings) -> dict[str, object]:
    match settings:
        case PolicyVersion():
            return asdict(settings.policy)
        case Environment():
            return {
                "display_name": settings.display_name,
                "tier": settings.tier,
                "rank": settings.rank,
                "archived": settings.archived_at is not None,
            }
        case Target():
            return settings_to_json(settings.settings)
        case TargetRetirement():
            return {"retired_at": to_rfc3339(settings.retired_at)}
        case User():
            return {
                "kind": settings.kind,
                "grants": [asdict(grant) for grant in settings.grants],
                "groups": settings.groups,
                "disabled": settings.disabled,
                "display_name": settings.display_name,
                "logins": [
                    {"issuer": login.account.issuer, login.account.kind: login.account.account}
                    for login in settings.logins
                ],
            }
