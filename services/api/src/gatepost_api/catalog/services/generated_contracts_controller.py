"""Listing and downloading the contract files generated for services."""

from __future__ import annotations

from typing import Final

from litestar import Controller, Response, get

from gatepost_api.catalog.services.contract_files import load_contracts
from gatepost_api.catalog.services.responses import Contracts
from gatepost_api.http.documented_headers import NOT_MODIFIED_RESPONSE
from gatepost_api.http.etags import ETAG_HEADER, IfNoneMatch, conditional_response
from gatepost_api.http.media_types import OCTET_STREAM, ZIP
from gatepost_api.http.path_parameters import ContractPathInPath, ServiceInPath, exact_contract_path
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_contracts.zip_archive import zip_contracts
from gatepost_domain.errors import NotFound

TEXT: Final = "text/plain"


class ContractController(Controller):
    """Operations on the contract files of services."""

    path = "/services"
    tags = ("services",)

    @get(
        "/{service:str}/contracts",
        summary="List the contracts of a service",
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_contracts(
        self, request: ApiRequest, service: ServiceInPath, if_none_match: IfNoneMatch = None
    ) -> Response[Contracts]:
        """List the files generated for a service, for all environments that are not archived.

        The files depend only on the service, its environments and the templates. While these are
        unchanged, the files are byte-for-byte the same and the ETag does not change.
        """
        contracts = await load_contracts(request.context.reads, service)
        return conditional_response(
            Contracts.from_domain(contracts), contracts.digest, if_none_match
        )

    @get(
        "/{service:str}/contracts.zip",
        summary="Download the contracts of a service",
        media_type=ZIP,
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_contracts_zip(
        self, request: ApiRequest, service: ServiceInPath, if_none_match: IfNoneMatch = None
    ) -> Response[bytes]:
        """Download all generated files in one zip archive, which is reproducible byte for byte.

        The media type is `application/zip`, or `application/octet-stream` if `Accept` prefers it.
        """
        contracts = await load_contracts(request.context.reads, service)
        disposition = f'attachment; filename="{service}-contracts.zip"'
        return conditional_response(
            zip_contracts(contracts),
            contracts.digest,
            if_none_match,
            media_type=request.accept.best_match([ZIP, OCTET_STREAM], default=ZIP),
            headers={"Content-Disposition": disposition, "Vary": "Accept"},
        )

    @get(
        "/{service:str}/contracts/{path:path}",
        summary="Get a contract",
        media_type=TEXT,
        responses={**problem_responses(401, 404, 422), **NOT_MODIFIED_RESPONSE},
        response_headers=[ETAG_HEADER],
    )
    async def get_contract_file(
        self,
        request: ApiRequest,
        service: ServiceInPath,
        path: ContractPathInPath,
        if_none_match: IfNoneMatch = None,
    ) -> Response[str]:
        """Return the text of one generated file."""
        contracts = await load_contracts(request.context.reads, service)
        name = exact_contract_path(request, path)
        content = contracts.files.get(name)
        if content is None:
            raise NotFound("contract", f"{name} of {service}")
        return conditional_response(
            content.encode(), contracts.digests[name], if_none_match, media_type=TEXT
        )
