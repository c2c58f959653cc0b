"""Authenticating requests to the API and checking their parameters before the operation runs."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.enums import HttpMethod

from gatepost_api.auth.authentication import authenticate_caller
from gatepost_api.http.input_faults import InputFault, InvalidInput
from gatepost_api.http.parameter_faults import find_parameter_faults
from gatepost_api.http.problems import BadInput


async def admit_request(request: Request[Any, Any, Any]) -> None:
    """Authenticate a request, then check its parameters and headers.

    The response to OPTIONS only lists the methods, so it requires no token.

    Raises: the errors of `authenticate_caller`, and
        InvalidInput: a parameter or a header is invalid. The faults of the body are also listed.
    """
    if request.method == HttpMethod.OPTIONS:
        return
    await authenticate_caller(request)
    if faults := find_parameter_faults(request):
        raise InvalidInput([*faults, *await _find_body_faults(request)])


async def _find_body_faults(request: Request[Any, Any, Any]) -> list[InputFault]:
    """Return the faults of a JSON body, or an empty list if the body cannot be read."""
    if "data" not in request.route_handler.parsed_fn_signature.parameters:
        return []
    try:
        await request.json()
    except InvalidInput as error:
        return error.faults
    except BadInput:
        return []
    return []
