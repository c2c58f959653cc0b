"""Problems with the HTTP request itself: its form, its caller and its rate."""

from __future__ import annotations

from typing import Final

from gatepost_api.problem_catalog.problem_kind import ProblemKind

PROBLEMS: Final = (
    ProblemKind(
        code="malformed",
        statuses=(400,),
        title="Malformed body",
        meaning=(
            "The body cannot be read: it is not valid JSON, repeats a key, is nested too deeply, "
            "or is not valid UTF-8 or gzip."
        ),
        remedy="Correct the body at the location that `detail` names.",
    ),
    ProblemKind(
        code="host_not_allowed",
        statuses=(400,),
        title="Host not allowed",
        meaning=(
            "The `Host` header is missing or malformed, or names a host that this server does not "
            "serve."
        ),
        remedy=(
            "Use the server's own name, or have the server's operator add this one to "
            "`GATEPOST_ALLOWED_HOSTS`."
        ),
    ),
    ProblemKind(
        code="unauthenticated",
        statuses=(401,),
        title="Not authenticated",
        meaning=(
            "The request has no token, or its token is unknown, expired or revoked, or the user "
            "is disabled."
        ),
        remedy=(
            "Send `Authorization: Bearer` with a valid token; create a new one if yours has "
            "expired."
        ),
    ),
    ProblemKind(
        code="not_found",
        statuses=(404,),
        title="Not found",
        meaning="There is nothing at this path.",
        remedy="Check the path against the API documentation.",
    ),
    ProblemKind(
        code="method_not_allowed",
        statuses=(405,),
        title="Method not allowed",
        meaning="The path exists, but not with this method.",
        remedy="Use a method that the `Allow` header lists.",
    ),
    ProblemKind(
        code="request_timeout",
        statuses=(408,),
        title="Request timed out",
        meaning="The request did not arrive completely in time, and the connection was closed.",
        remedy="Send the request again over a faster or more stable connection.",
    ),
    ProblemKind(
        code="body_too_large",
        statuses=(413,),
        title="Body too large",
        meaning="The body is larger than this operation accepts.",
        remedy="Send less at once, for example an import in several files.",
    ),
    ProblemKind(
        code="too_many_fields",
        statuses=(413,),
        title="Too many form fields",
        meaning="A form has more fields than the server reads.",
        remedy="Send fewer fields.",
    ),
    ProblemKind(
        code="unsupported_media_type",
        statuses=(415,),
        title="Unsupported media type",
        meaning="The operation does not accept the `Content-Type` of the request.",
        remedy="Send the media type that `detail` names.",
    ),
    ProblemKind(
        code="unsupported_content_encoding",
        statuses=(415,),
        title="Unsupported content encoding",
        meaning="The operation does not accept a body that is compressed in this way.",
        remedy=(
            "Use one of the encodings listed in the `Accept-Encoding` header of the response, or "
            "do not compress the body."
        ),
    ),
    ProblemKind(
        code="invalid",
        statuses=(422,),
        title="Invalid input",
        meaning=(
            "A field, a parameter or a header has a value of the wrong type, form or size; an "
            "unknown field is also invalid."
        ),
        remedy="Correct every location that `errors` lists.",
    ),
    ProblemKind(
        code="unknown_parameter",
        statuses=(422,),
        title="Unknown parameter",
        meaning=(
            "The operation has no query parameter with this name. The request was refused, "
            "because ignoring the parameter could change more than you intended."
        ),
        remedy="Correct the name; `detail` suggests a similar parameter or lists them all.",
    ),
    ProblemKind(
        code="bad_cursor",
        statuses=(422,),
        title="Invalid cursor",
        meaning="The cursor was not issued for this list.",
        remedy="Start again without `cursor`, and pass on each `next_cursor` unchanged.",
    ),
    ProblemKind(
        code="bad_etag",
        statuses=(422,),
        title="Invalid ETag",
        meaning="`If-Match` is neither `*` nor a list of ETags.",
        remedy="Send the `ETag` of an earlier response with its quotation marks.",
    ),
    ProblemKind(
        code="since_after_until",
        statuses=(422,),
        title="Period ends before it starts",
        meaning="The start of the period is after its end.",
        remedy="Choose an earlier start or a later end.",
    ),
    ProblemKind(
        code="search_without_words",
        statuses=(422,),
        title="Search without words",
        meaning="The search text consists only of separators and punctuation.",
        remedy="Search for at least one word, such as a number, a service or a work reference.",
    ),
    ProblemKind(
        code="search_too_long",
        statuses=(422,),
        title="Too many words in the search",
        meaning="The search text has more than 8 words.",
        remedy="Omit the most common words.",
    ),
    ProblemKind(
        code="too_many_buckets",
        statuses=(422,),
        title="Too many buckets",
        meaning="The period has too many buckets of this length.",
        remedy="Choose longer buckets or a shorter period.",
    ),
    ProblemKind(
        code="too_many_deployments",
        statuses=(422,),
        title="Too many deployments",
        meaning="The period has more deployments than a simulation can replay.",
        remedy="Choose a later `since`.",
    ),
    ProblemKind(
        code="idempotency_mismatch",
        statuses=(422,),
        title="Idempotency key reused",
        meaning="The `Idempotency-Key` was already used for another request.",
        remedy="Use a new key for each new request, and the same key only to repeat one.",
    ),
    ProblemKind(
        code="stale",
        statuses=(412,),
        title="Resource has changed",
        meaning="The resource has changed since the revision in `If-Match`.",
        remedy=(
            "Read the resource again, check whether the change is still right, and send the new "
            "ETag."
        ),
    ),
    ProblemKind(
        code="overtaken",
        statuses=(409,),
        title="Changed at the same time",
        meaning="Another request changed the resource while this one was being processed.",
        remedy="Read the resource again, and repeat the request.",
    ),
    ProblemKind(
        code="too_many_requests",
        statuses=(429,),
        title="Too many invalid tokens",
        meaning="Too many requests with an invalid token came from this address.",
        remedy="Correct the token, and retry after the time in `Retry-After`.",
    ),
    ProblemKind(
        code="rate_limited",
        statuses=(429,),
        title="Rate limit exceeded",
        meaning="The user has sent more requests than are allowed per minute.",
        remedy=(
            "Retry after the time in `Retry-After`. The server's operator can raise "
            "`GATEPOST_RATE_LIMIT`."
        ),
    ),
    ProblemKind(
        code="too_many_streams",
        statuses=(429,),
        title="Too many event streams",
        meaning="The user has the maximum number of event streams open.",
        remedy="Close one, or use one stream for several purposes.",
    ),
    ProblemKind(
        code="too_many_connections",
        statuses=(503,),
        title="Too many connections",
        meaning="The server has the maximum number of connections open.",
        remedy="Try again later, and reuse connections.",
    ),
    ProblemKind(
        code="too_many_exports",
        statuses=(503,),
        title="Too many exports",
        meaning="The maximum number of exports is running.",
        remedy="Try again when an export has ended.",
    ),
    ProblemKind(
        code="no_spool_space",
        statuses=(503,),
        title="No space for the import",
        meaning="Other imports are using the space for temporary files; nothing was stored.",
        remedy="Try again when the other imports have ended.",
    ),
    ProblemKind(
        code="verification_timed_out",
        statuses=(503,),
        title="Verification timed out",
        meaning="The verification took longer than the time limit for a request.",
        remedy="On the server, run `gatepost-server verify`, which has no time limit.",
    ),
    ProblemKind(
        code="internal_error",
        statuses=(500,),
        title="Internal error",
        meaning=(
            "An internal error occurred in Gatepost. It is unknown whether the request had an "
            "effect."
        ),
        remedy=(
            "Look up the `request_id` in the server's log. Repeat the request only with the same "
            "`Idempotency-Key`."
        ),
    ),
    ProblemKind(
        code="refused",
        statuses=(499,),
        title="Refused",
        meaning=(
            "The request ended with a status that has no code of its own, such as 499 after the "
            "client closed the connection."
        ),
        remedy="Follow `detail`.",
    ),
)
"""The kinds of problems, one for each code."""
