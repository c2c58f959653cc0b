from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PipelineProof")


@_attrs_define
class PipelineProof:
    """A pipeline's proof of identity."""

    token: str = _attrs_field(repr=False)
    """ The OIDC token issued by the CI system for Gatepost's audience. """

    def to_dict(self) -> dict[str, Any]:
        token = self.token

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        token = d.pop("token")

        pipeline_proof = cls(
            token=token,
        )

        return pipeline_proof
