from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.command_executor import CommandExecutor
    from ..models.readiness import Readiness
    from ..models.simulated_executor import SimulatedExecutor
    from ..models.target_check import TargetCheck
    from ..models.unknown_executor import UnknownExecutor
    from ..models.webhook_executor import WebhookExecutor


T = TypeVar("T", bound="TargetSettings")


@_attrs_define
class TargetSettings:
    """How a service is rolled out to an environment and checked there."""

    base_url: None | str
    """ The base URL for all paths. """
    checks: list[TargetCheck]
    """ The checks after a rollout, in execution order. """
    deadline_s: int
    """ The maximum time from start to outcome in seconds, including checks. """
    executor: CommandExecutor | SimulatedExecutor | UnknownExecutor | WebhookExecutor
    """ The executor that performs rollouts. """
    ready: None | Readiness
    """ The readiness probe that precedes the checks. Null if there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.command_executor import CommandExecutor  # noqa: PLC0415
        from ..models.readiness import Readiness  # noqa: PLC0415
        from ..models.simulated_executor import SimulatedExecutor  # noqa: PLC0415
        from ..models.webhook_executor import WebhookExecutor  # noqa: PLC0415

        base_url: None | str
        base_url = self.base_url

        checks = []
        for checks_item_data in self.checks:
            checks_item = to_json(checks_item_data)
            checks.append(checks_item)

        deadline_s = self.deadline_s

        executor: dict[str, Any]
        if isinstance(self.executor, SimulatedExecutor):
            executor = to_json(self.executor)
        elif isinstance(self.executor, WebhookExecutor):
            executor = to_json(self.executor)
        elif isinstance(self.executor, CommandExecutor):
            executor = to_json(self.executor)
        else:
            executor = to_json(self.executor)

        ready: dict[str, Any] | None
        if isinstance(self.ready, Readiness):
            ready = to_json(self.ready)
        else:
            ready = self.ready

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "base_url": base_url,
                "checks": checks,
                "deadline_s": deadline_s,
                "executor": executor,
                "ready": ready,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.command_executor import CommandExecutor  # noqa: PLC0415
        from ..models.readiness import Readiness  # noqa: PLC0415
        from ..models.simulated_executor import SimulatedExecutor  # noqa: PLC0415
        from ..models.target_check import TargetCheck  # noqa: PLC0415
        from ..models.unknown_executor import UnknownExecutor  # noqa: PLC0415
        from ..models.webhook_executor import WebhookExecutor  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_base_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        base_url = _parse_base_url(d.pop("base_url", None))

        checks = []
        _checks = d.pop("checks")
        for checks_item_data in _checks:
            checks_item = TargetCheck.from_dict(checks_item_data)

            checks.append(checks_item)

        deadline_s = d.pop("deadline_s")

        def _parse_executor(
            data: object,
        ) -> CommandExecutor | SimulatedExecutor | UnknownExecutor | WebhookExecutor:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                executor_type_0 = SimulatedExecutor.from_dict(data)

                return executor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                executor_type_1 = WebhookExecutor.from_dict(data)

                return executor_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                executor_type_2 = CommandExecutor.from_dict(data)

                return executor_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            executor_type_3 = UnknownExecutor.from_dict(data)

            return executor_type_3

        executor = _parse_executor(d.pop("executor"))

        def _parse_ready(data: object) -> None | Readiness:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                ready_type_0 = Readiness.from_dict(data)

                return ready_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Readiness, data)

        ready = _parse_ready(d.pop("ready", None))

        target_settings = cls(
            base_url=base_url,
            checks=checks,
            deadline_s=deadline_s,
            executor=executor,
            ready=ready,
        )

        target_settings.additional_properties = d
        return target_settings

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
