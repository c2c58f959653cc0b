"""Fields of the policy form, with the policy's stages and rules as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from gatepost_api.catalog.environments.policy_bodies import PolicyBody
from gatepost_api.console.forms.form import Form, decode_form_fields
from gatepost_api.console.views.policy_setting_inputs import INPUTS, SettingInput, SettingInputKind
from gatepost_api.http.problems import BadInput
from gatepost_domain.catalog.policy import ApprovalRule, Policy

MAX_ROWS: Final = 10
"""The maximum number of stages in a policy, and of rules in a stage."""
UNITS: Final[Mapping[str, int]] = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
ANY_REVIEWER: Final = "reviewer"

_REQUIRES: Final = "requires-"
_POSITION: Final = re.compile(r"[0-9]{1,2}")


class RowCommand(StrEnum):
    """A command that a button applies to the rows of the form."""

    ADD_STAGE = "add-stage"
    REMOVE_STAGE = "remove-stage"
    MOVE_STAGE_UP = "move-stage-up"
    ADD_RULE = "add-rule"
    REMOVE_RULE = "remove-rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFields:
    """The fields of one rule, as text."""

    approver: str = ANY_REVIEWER
    """`group:qa`, `user:ada` or `reviewer`."""
    required: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFields:
    """The fields of one stage, as text."""

    name: str = ""
    rules: tuple[RuleFields, ...] = (RuleFields(),)


def form_of_policy(policy: Policy) -> Form:
    """Return a form filled in with the values of a policy."""
    fields: dict[str, str] = {}
    for entry in INPUTS:
        value = getattr(policy, entry.name)
        if entry.kind is SettingInputKind.DURATION:
            fields |= _duration_fields(entry.name, value)
        elif value is not None and value is not False:
            fields[entry.name] = "on" if value is True else str(value)
    fields |= {f"{_REQUIRES}{name}": "on" for name in policy.requires}
    fields["outgoing_allow"] = "\n".join(policy.outgoing_allow)
    if policy.settings_approvals:
        fields["settings_approvals"] = "on"
    return Form(fields=fields, key=None)


def stages_of_policy(policy: Policy) -> list[StageFields]:
    """Return a policy's stages as rows of the form."""
    return [
        StageFields(name=stage.name, rules=tuple(map(_rule_fields, stage.rules)))
        for stage in policy.approval_stages
    ]


def parse_stages(form: Form) -> list[StageFields]:
    """Return the submitted stages, including incomplete ones."""
    return [
        StageFields(
            name=form.get(f"stage-{stage}"),
            rules=tuple(
                RuleFields(
                    approver=form.get(f"approver-{stage}-{rule}") or ANY_REVIEWER,
                    required=form.get(f"required-{stage}-{rule}"),
                )
                for rule in range(_row_count(form, f"rules-{stage}"))
            ),
        )
        for stage in range(_row_count(form, "stages"))
    ]


def change_rows(stages: list[StageFields], command: str) -> list[StageFields]:
    """Return the stages after applying the command of a button, such as `remove-rule 0 1`."""
    name, _, numbers = command.partition(" ")
    positions = [int(number) for number in numbers.split() if _POSITION.fullmatch(number)]
    if name == RowCommand.ADD_STAGE and len(stages) < MAX_ROWS:
        return [*stages, StageFields()]
    if not positions or positions[0] >= len(stages):
        return stages
    stage = positions[0]
    changed = stages.copy()
    match name:
        case RowCommand.REMOVE_STAGE:
            del changed[stage]
        case RowCommand.MOVE_STAGE_UP:
            changed.insert(max(stage - 1, 0), changed.pop(stage))
        case RowCommand.ADD_RULE | RowCommand.REMOVE_RULE:
            rules = _changed_rules(changed[stage].rules, name, positions[1:])
            changed[stage] = replace(changed[stage], rules=rules)
        case _:
            pass
    return changed


def decode_policy(form: Form, environments: Iterable[str]) -> Policy:
    """Return the submitted policy.

    `environments` are the names of the environments that the policy can require. The ticked ones
    are listed in `requires` in the same order.

    Raises:
        BadInput: the API would refuse the policy.
    """
    fields: dict[str, object] = {}
    for entry in INPUTS:
        value = _parse_value(form, entry)
        if value is not None or entry.is_nullable:
            fields[entry.name] = value
    fields["settings_approvals"] = 1 if form.get("settings_approvals") else 0
    fields["requires"] = [name for name in environments if form.get(f"{_REQUIRES}{name}")]
    fields["outgoing_allow"] = form.lines("outgoing_allow")
    fields["approval_stages"] = [
        {"name": stage.name, "rules": list(map(_rule_body, stage.rules))}
        for stage in parse_stages(form)
    ]
    return decode_form_fields(fields, PolicyBody).to_domain()


def _changed_rules(
    rules: tuple[RuleFields, ...], name: str, positions: list[int]
) -> tuple[RuleFields, ...]:
    if name == RowCommand.ADD_RULE:
        return (*rules, RuleFields()) if len(rules) < MAX_ROWS else rules
    return tuple(rule for position, rule in enumerate(rules) if position not in positions)


def _rule_body(rule: RuleFields) -> dict[str, object]:
    kind, _, name = rule.approver.partition(":")
    return {"required": rule.required, **({kind: name} if name else {})}


def _rule_fields(rule: ApprovalRule) -> RuleFields:
    return RuleFields(approver=rule.approver_label(), required=str(rule.required))


def _row_count(form: Form, name: str) -> int:
    text = form.get(name)
    return min(int(text), MAX_ROWS) if _POSITION.fullmatch(text) else 0


def _parse_value(form: Form, entry: SettingInput) -> object:
    """Return the submitted value of a setting, or None if the field is empty."""
    match entry.kind:
        case SettingInputKind.CHECKBOX:
            return bool(form.get(entry.name))
        case SettingInputKind.DURATION:
            return _parse_duration(form, entry.name)
        case _:
            return form.get(entry.name) or None


def _duration_fields(name: str, seconds: int | None) -> dict[str, str]:
    if not seconds:
        return {}
    unit = next(unit for unit, size in UNITS.items() if seconds % size == 0)
    return {name: str(seconds // UNITS[unit]), f"{name}-unit": unit}


def _parse_duration(form: Form, name: str) -> int | None:
    """Return a duration in seconds from its number and unit, or None if the number is missing."""
    text, unit = form.get(name), form.get(f"{name}-unit") or "days"
    if not text:
        return None
    if not text.isdecimal() or len(text) > len("999999999") or unit not in UNITS:
        raise BadInput(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "invalid",
            f"#/{name}",
            "Enter a whole number, such as 8.",
        )
    return int(text) * UNITS[unit]
