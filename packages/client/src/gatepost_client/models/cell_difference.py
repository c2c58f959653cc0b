from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.difference import Difference
from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.cell import Cell


T = TypeVar("T", bound="CellDifference")


@_attrs_define
class CellDifference:
    """A service whose live versions differ between two states."""

    difference: Difference
    """ How the second state differs from the first. """
    environment: None | str
    """ The environment in which the versions differ. Null if two environments are compared. """
    from_: Cell | None
    """ The live deployment in the first state. Null if there is none. """
    service: str
    """ The service's name. """
    to: Cell | None
    """ The live deployment in the second state. Null if there is none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.cell import Cell  # noqa: PLC0415

        difference = to_json(self.difference)

        environment: None | str
        environment = self.environment

        from_: dict[str, Any] | None
        if isinstance(self.from_, Cell):
            from_ = to_json(self.from_)
        else:
            from_ = self.from_

        service = self.service

        to: dict[str, Any] | None
        if isinstance(self.to, Cell):
            to = to_json(self.to)
        else:
            to = self.to

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "difference": difference,
                "environment": environment,
                "from": from_,
                "service": service,
                "to": to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cell import Cell  # noqa: PLC0415

        d = dict(src_dict)
        difference = Difference(d.pop("difference"))

        def _parse_environment(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        environment = _parse_environment(d.pop("environment", None))

        def _parse_from_(data: object) -> Cell | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                from_type_0 = Cell.from_dict(data)

                return from_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Cell | None, data)

        from_ = _parse_from_(d.pop("from", None))

        service = d.pop("service")

        def _parse_to(data: object) -> Cell | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                to_type_0 = Cell.from_dict(data)

                return to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Cell | None, data)

        to = _parse_to(d.pop("to", None))

        cell_difference = cls(
            difference=difference,
            environment=environment,
            from_=from_,
            service=service,
            to=to,
        )

        cell_difference.additional_properties = d
        return cell_difference

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
