from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..plain_values import to_json

if TYPE_CHECKING:
    from ..models.check_result_body import CheckResultBody


T = TypeVar("T", bound="CheckRunFinishBody")


@_attrs_define
class CheckRunFinishBody:
    """The results of a check run."""

    fencing_token: int
    """ The fencing token of the claim. A token lower than the current one is refused. """
    results: list[CheckResultBody]
    """ The results of the checks that ran, one for each. Checks without a result were skipped. """

    def to_dict(self) -> dict[str, Any]:
        fencing_token = self.fencing_token

        results = []
        for results_item_data in self.results:
            results_item = to_json(results_item_data)
            results.append(results_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fencing_token": fencing_token,
                "results": results,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.check_result_body import CheckResultBody  # noqa: PLC0415

        d = dict(src_dict)
        fencing_token = d.pop("fencing_token")

        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = CheckResultBody.from_dict(results_item_data)

            results.append(results_item)

        check_run_finish_body = cls(
            fencing_token=fencing_token,
            results=results,
        )

        return check_run_finish_body
