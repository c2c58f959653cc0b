"""The verifier of evidence knows every field of a deployment and every rule of the document."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import get_args, get_origin, get_type_hints

import msgspec

from gatepost_api.claims.responses import DeploymentStep
from gatepost_api.deployments.responses import Deployment
from gatepost_api.deployments.review_responses import Review
from gatepost_api.events.responses import Event
from gatepost_api.evidence.offline.approval_and_step_checks import STEP_FIELDS
from gatepost_api.evidence.offline.deployment_checks import (
    BOOLEAN_COLUMNS,
    JSON_COLUMNS,
    NULLABLE_BOOLEAN_COLUMNS,
)
from gatepost_api.evidence.offline.document_format import RULES
from gatepost_api.evidence.offline.event_checks import EVENT_FIELDS
from gatepost_api.evidence.offline.fields_from_columns import FIELDS
from gatepost_api.evidence.offline.verification import SECTIONS
from gatepost_api.evidence.proof_responses import EvidenceChain
from gatepost_api.evidence.responses import Evidence
from gatepost_domain.deployments import deployment as domain
from gatepost_domain.verification.exported_columns import COPIED
from gatepost_persistence.mapping.recorded_tables import DEPLOYMENTS


def fields_of(struct: type[msgspec.Struct]) -> set[str]:
    """Return the names of the fields of a response."""
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def test_every_field_of_a_deployment_is_verified() -> None:
    """A field that is added to the response must be added to the verifier."""
    review = {f"review.{name}" for name in fields_of(Review)}

    assert (fields_of(Deployment) - {"review"}) | review == FIELDS


def test_every_part_of_the_document_is_verified() -> None:
    """A part that is added to the document must be added to the verifier."""
    assert fields_of(Evidence) == SECTIONS
    assert fields_of(Event) == EVENT_FIELDS
    assert fields_of(DeploymentStep) == STEP_FIELDS
    assert RULES.keys() <= fields_of(EvidenceChain)


def test_columns_are_parsed_as_they_are_stored() -> None:
    """The verifier parses the columns with JSON and with truth values, and no others."""
    columns = DEPLOYMENTS.table.columns
    booleans = {column.name for column in columns if column.type.python_type is bool}
    structured = {
        name
        for name, kind in get_type_hints(domain.Deployment).items()
        if name in columns and (get_origin(kind) is tuple or any(map(is_dataclass, get_args(kind))))
    }

    assert set(JSON_COLUMNS) == structured
    assert {*BOOLEAN_COLUMNS, *NULLABLE_BOOLEAN_COLUMNS} == booleans
    assert all(columns[name].nullable for name in NULLABLE_BOOLEAN_COLUMNS)
    assert set(COPIED) <= DEPLOYMENTS.columns
