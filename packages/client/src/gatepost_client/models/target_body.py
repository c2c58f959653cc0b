from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..plain_values import to_json
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.command_executor_body import CommandExecutorBody
    from ..models.readiness_body import ReadinessBody
    from ..models.simulated_executor_body import SimulatedExecutorBody
    from ..models.target_check_body import TargetCheckBody
    from ..models.webhook_executor_body import WebhookExecutorBody


T = TypeVar("T", bound="TargetBody")


@_attrs_define
class TargetBody:
    """How to roll a service out to an environment and check it there."""

    executor: CommandExecutorBody | SimulatedExecutorBody | WebhookExecutorBody
    """ The executor that performs rollouts. """
    base_url: None | str | Unset = UNSET
    """ The base URL for all paths. Required if `ready` or `checks` is set. """
    checks: list[TargetCheckBody] | Unset = UNSET
    """ The checks in execution order. Names must be unique. """
    deadline_s: int | Unset = UNSET
    """ The maximum time from start to outcome in seconds, including checks. The deployment fails if it takes
    longer. """
    ready: None | ReadinessBody | Unset = UNSET
    """ The readiness probe that precedes the checks. Without one, the checks start at once. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.readiness_body import ReadinessBody  # noqa: PLC0415
        from ..models.simulated_executor_body import SimulatedExecutorBody  # noqa: PLC0415
        from ..models.webhook_executor_body import WebhookExecutorBody  # noqa: PLC0415

        executor: dict[str, Any]
        if isinstance(self.executor, SimulatedExecutorBody):
            executor = to_json(self.executor)
        elif isinstance(self.executor, WebhookExecutorBody):
            executor = to_json(self.executor)
        else:
            executor = to_json(self.executor)

        base_url: None | str | Unset
        if isinstance(self.base_url, Unset):
            base_url = UNSET
        else:
            base_url = self.base_url

        checks: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.checks, Unset):
            checks = []
            for checks_item_data in self.checks:
                checks_item = to_json(checks_item_data)
                checks.append(checks_item)

        deadline_s = self.deadline_s

        ready: dict[str, Any] | None | Unset
        if isinstance(self.ready, Unset):
            ready = UNSET
        elif isinstance(self.ready, ReadinessBody):
            ready = to_json(self.ready)
        else:
            ready = self.ready

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "executor": executor,
            }
        )
        if base_url is not UNSET:
            field_dict["base_url"] = base_url
        if checks is not UNSET:
            field_dict["checks"] = checks
        if deadline_s is not UNSET:
            field_dict["deadline_s"] = deadline_s
        if ready is not UNSET:
            field_dict["ready"] = ready

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.command_executor_body import CommandExecutorBody  # noqa: PLC0415
        from ..models.readiness_body import ReadinessBody  # noqa: PLC0415
        from ..models.simulated_executor_body import SimulatedExecutorBody  # noqa: PLC0415
        from ..models.target_check_body import TargetCheckBody  # noqa: PLC0415
        from ..models.webhook_executor_body import WebhookExecutorBody  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_executor(
            data: object,
        ) -> CommandExecutorBody | SimulatedExecutorBody | WebhookExecutorBody:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                executor_type_0 = SimulatedExecutorBody.from_dict(data)

                return executor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                executor_type_1 = WebhookExecutorBody.from_dict(data)

                return executor_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            executor_type_2 = CommandExecutorBody.from_dict(data)

            return executor_type_2

        executor = _parse_executor(d.pop("executor"))

        def _parse_base_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        base_url = _parse_base_url(d.pop("base_url", UNSET))

        _checks = d.pop("checks", UNSET)
        checks: list[TargetCheckBody] | Unset = UNSET
        if _checks is not UNSET:
            checks = []
            for checks_item_data in _checks:
                checks_item = TargetCheckBody.from_dict(checks_item_data)

                checks.append(checks_item)

        deadline_s = d.pop("deadline_s", UNSET)

        def _parse_ready(data: object) -> None | ReadinessBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                ready_type_0 = ReadinessBody.from_dict(data)

                return ready_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReadinessBody | Unset, data)

        ready = _parse_ready(d.pop("ready", UNSET))

        target_body = cls(
            executor=executor,
            base_url=base_url,
            checks=checks,
            deadline_s=deadline_s,
            ready=ready,
        )

        return target_body
