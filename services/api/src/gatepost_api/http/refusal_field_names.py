"""Translating refusals of an action for an operation whose body has other field names."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from gatepost_domain.errors import FieldError, NotFound, ValidationFailed


@contextmanager
def with_request_field_names(
    fields: Mapping[str, str], details: Mapping[str, str] | None = None
) -> Generator[None]:
    """Rename the fields, and replace the details of some codes, in refusals raised by the block.

    A resource that is not found becomes an error in the field that names it.

    Raises:
        ValidationFailed: the block refused the input, or did not find a resource that it names.
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
                detail=(details or {}).get(error.code, error.detail),
            )
            for error in refusal.errors
        )
        raise ValidationFailed(*errors) from refusal
