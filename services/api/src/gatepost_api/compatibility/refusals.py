"""Refusals with the field names and sentences of the documents."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from gatepost_domain.errors import FieldError, NotFound, ValidationFailed

PLATFORM_FIELDS: Final = {"service": "service_name", "environment": "service_name"}
TRACKING_FIELDS: Final = {
    "service": "applicationId",
    "version": "versionId",
    "environment": "environmentId",
    "deployed_at": "deploymentDate",
    "deployed_by": "deployedBy",
}
SENTENCES: Final = {
    "version_not_of_service": "Version does not belong to selected application",
    "deployed_at_in_future": "Deployment date cannot be in future",
}
"""The tracking document's sentences, by code."""


@contextmanager
def document_terms(
    fields: Mapping[str, str], sentences: Mapping[str, str] | None = None
) -> Generator[None]:
    """Replace our field names, and the details of some codes, in the block's refusals.

    Raises:
        ValidationFailed: the block refused the body, or did not find something that it names.
    """
    try:
        yield
    except NotFound as refusal:
        field = fields.get(refusal.kind, refusal.kind)
        error = FieldError(field=field, code=refusal.code, detail=str(refusal))
        raise ValidationFailed(error) from refusal
    except ValidationFailed as refusal:
        errors = (
            replace(
                error,
                field=fields.get(error.field, error.field),
                detail=(sentences or {}).get(error.code, error.detail),
            )
            for error in refusal.errors
        )
        raise ValidationFailed(*errors) from refusal
