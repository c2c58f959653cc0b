"""Reading the fields of HTML forms, bounded in number and size."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from gatepost_api.http.problems import BadInput
from gatepost_api.http.request import ApiRequest

MAX_FIELDS: Final = 600
"""The maximum number of fields. The largest form, of a target with 50 checks, has about 520."""

_FORM_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"


async def read_form_fields(request: ApiRequest) -> list[tuple[str, str]]:
    """Return the fields of a form in their order; a request without a media type has none.

    Raises:
        BadInput: 415 if the media type is not that of a form; 413 if there are too many fields.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not media_type:
        return []
    if media_type != _FORM_MEDIA_TYPE:
        raise BadInput(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "header/Content-Type",
            f"Unsupported media type {media_type}; send {_FORM_MEDIA_TYPE}.",
        )
    text = (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise BadInput(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too_many_fields",
            "#",
            f"The form has more than {MAX_FIELDS} fields.",
        ) from error
