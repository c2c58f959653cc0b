"""Response headers and bodiless responses in the OpenAPI document."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.http.action_execution import REPLAYED_HEADER
from gatepost_api.http.etags import ETAG_HEADER

LOCATION_HEADER: Final = ResponseHeader(
    name="Location",
    description="The path of the new resource.",
    value="",
    documentation_only=True,
)

CREATED_HEADERS: Final = (LOCATION_HEADER, ETAG_HEADER, REPLAYED_HEADER)
CREATED_WITHOUT_ETAG: Final = (LOCATION_HEADER, REPLAYED_HEADER)
CHANGED_HEADERS: Final = (ETAG_HEADER, REPLAYED_HEADER)

NOT_MODIFIED_RESPONSE: Final = {
    304: ResponseSpec(
        None,
        description="The resource has not changed; an ETag in If-None-Match is current.",
        generate_examples=False,
    )
}

NO_CONTENT_RESPONSE: Final = {
    204: ResponseSpec(None, description="No task is available.", generate_examples=False)
}
