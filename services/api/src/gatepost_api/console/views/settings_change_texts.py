"""Descriptions of settings changes: a title, and each setting before and after the change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

import msgspec

from gatepost_api.console.views.formatting import humanize
from gatepost_api.console.views.policy_rules import policy_texts
from gatepost_api.console.views.settings_comparison import NOTHING, ChangedSetting, compare_texts
from gatepost_api.console.views.target_texts import describe_target, settings_from_json
from gatepost_domain.catalog.policy import Policy
from gatepost_domain.settings_changes.proposal import SettingsOperation
from gatepost_domain.settings_changes.settings_change import SettingsChange

_TITLES: Final[Mapping[SettingsOperation, str]] = {
    SettingsOperation.PUT_POLICY: "Change the policy of {}",
    SettingsOperation.CHANGE_ENVIRONMENT: "Change the environment {}",
    SettingsOperation.PUT_TARGET: "Configure the target of {}",
    SettingsOperation.RETIRE_TARGET: "Retire the target of {}",
    SettingsOperation.ADD_USER: "Add the user {}",
    SettingsOperation.CHANGE_USER: "Change the user {}",
}


def settings_change_title(change: SettingsChange) -> str:
    """Return the title of a change, such as "Change the policy of production"."""
    return _TITLES[change.proposal.operation].format(change.proposal.subject)


def changed_settings(change: SettingsChange) -> list[ChangedSetting]:
    """Return the settings that differ after a change, with readable labels and values."""
    describe = _DESCRIPTIONS.get(change.proposal.operation, _texts)
    before = {} if change.before is None else dict(describe(change.before))
    return compare_texts(before, dict(describe(change.after)))


def changed_policy_settings(before: Policy, after: Policy) -> list[ChangedSetting]:
    """Return the rules that differ between two policies, in readable form."""
    return compare_texts(policy_texts(before), policy_texts(after))


def _policy_texts(settings: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from policy_texts(msgspec.convert(settings, Policy)).items()


def _target_texts(settings: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from describe_target(settings_from_json(settings)).items()


def _texts(settings: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        yield humanize(name), _text(value)


def _text(value: object) -> str:
    """Return a value in readable form, or as JSON if there is no such form."""
    match value:
        case None | [] | ():
            return NOTHING
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case {"role": role, **limits}:
            texts = [f"{name} {limit}" for name, limit in limits.items() if limit is not None]
            return " in ".join([str(role), *texts])
        case list() | tuple():
            return ", ".join(map(_text, cast("list[Any]", value)))
        case _:
            return json.dumps(value)


_DESCRIPTIONS: Final[
    Mapping[SettingsOperation, Callable[[Mapping[str, object]], Iterator[tuple[str, str]]]]
] = {
    SettingsOperation.PUT_POLICY: _policy_texts,
    SettingsOperation.PUT_TARGET: _target_texts,
}
"""The functions that describe settings whose field names and values are not shown directly."""
