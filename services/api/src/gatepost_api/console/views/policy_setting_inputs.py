"""The inputs of the policy form, derived from the types of the policy's settings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from types import NoneType
from typing import Any, Final, get_args, get_origin, get_type_hints

from gatepost_api.console.views.formatting import humanize
from gatepost_api.console.views.policy_rules import DESCRIBED, setting_label
from gatepost_domain.catalog.policy import Policy

_SETTINGS_APPROVALS: Final = "settings_approvals"
"""A number that the form shows as a checkbox."""


class SettingInputKind(StrEnum):
    """The kind of input for a setting."""

    CHECKBOX = "checkbox"
    CHOICE = "choice"
    DURATION = "duration"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingInput:
    """The input for a setting."""

    name: str
    label: str
    kind: SettingInputKind
    is_nullable: bool
    is_required: bool
    """Whether the field must not be empty, because an empty field would mean the default of the
    setting."""
    choices: tuple[tuple[str, str], ...] = ()


def setting_inputs(policy: type[Policy]) -> tuple[SettingInput, ...]:
    """Return the inputs for the settings of a policy that have a single value."""
    types = get_type_hints(policy)
    return tuple(
        _setting_input(field.name, types[field.name], field.default)
        for field in fields(policy)
        if get_origin(types[field.name]) is not tuple and field.name != _SETTINGS_APPROVALS
    )


def _setting_input(
    name: str,
    declared: Any,  # noqa: ANN401  # a type, or a union of a type and None
    default: object,
) -> SettingInput:
    members = get_args(declared) or (declared,)
    value_type = next(member for member in members if member is not NoneType)
    is_nullable = NoneType in members
    choices: tuple[tuple[str, str], ...] = ()
    if value_type is bool:
        kind = SettingInputKind.CHECKBOX
    elif issubclass(value_type, StrEnum):
        kind = SettingInputKind.CHOICE
        choices = tuple((choice.value, humanize(choice.value)) for choice in value_type)
    elif value_type is int:
        kind = SettingInputKind.DURATION if name.endswith("_s") else SettingInputKind.NUMBER
    else:
        kind = SettingInputKind.TEXT
    return SettingInput(
        name=name,
        label=setting_label(name),
        kind=kind,
        is_nullable=is_nullable,
        is_required=not is_nullable and bool(default),
        choices=choices,
    )


INPUTS: Final = setting_inputs(Policy)
"""The inputs for all settings with a single value, in the order of the policy's fields."""

OTHER_INPUTS: Final = tuple(each for each in INPUTS if each.name not in DESCRIBED)
"""The inputs for the settings that no rule describes. The template of the form has an input for
every other setting."""
