"""What operations declare in the document besides their bodies."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec

from gatepost_api.http.etags import ETAG_HEADER
from gatepost_api.http.execution import REPLAYED_HEADER

LOCATION_HEADER: Final = ResponseHeader(
    name="Location",
    description="Where the new resource is.",
    value="",
    documentation_only=True,
)

CREATED_HEADERS: Final = (LOCATION_HEADER, ETAG_HEADER, REPLAYED_HEADER)
CHANGED_HEADERS: Final = (ETAG_HEADER, REPLAYED_HEADER)

NOT_MODIFIED_RESPONSE: Final = {
    304: ResponseSpec(
        None,
        description="It has not changed since the ETag in If-None-Match.",
        generate_examples=False,
    )
}

NO_CONTENT_RESPONSE: Final = {
    204: ResponseSpec(None, description="There is nothing to do.", generate_examples=False)
}
