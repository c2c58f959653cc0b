"""Exporting the evidence of a deployment."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.deployments.reference import parse_deployment_reference
from gatepost_api.evidence.archive import build_archive, sign_evidence
from gatepost_api.evidence.responses import Evidence, EvidenceFormat
from gatepost_api.http.media_types import DSSE_ENVELOPE, ZIP
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.audit.evidence import gather_evidence
from gatepost_domain.deployments.deployment import format_number

Format = Annotated[
    EvidenceFormat,
    QueryParameter(
        description="The JSON document, a zip archive that also contains an offline verifier, or "
        "a signed envelope (DSSE) with the document as an in-toto statement."
    ),
]


class EvidenceController(Controller):
    """Operations on the evidence of deployments."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @get(
        "/evidence",
        summary="Get the evidence of a deployment",
        responses=problem_responses(401, 404, 422),
    )
    async def get_deployment_evidence(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        format: Format = EvidenceFormat.JSON,  # noqa: A002  # the name of the query parameter
    ) -> Response[Evidence]:
        """Return everything about one deployment in one document, as of one point in time.

        The document contains the request, the policy it was requested under, each approval and what
        it covers, the state of each gate at the start, the steps that workers reported, every event
        with its hashes, and the proof that the events are part of the signed log. The zip archive
        also contains a program that verifies the document offline with only the Python standard
        library: unpack it and run `python3 verify.py --public-key KEY`. The key is in `signing.pub`
        in the server's data folder.
        """
        reference = parse_deployment_reference(deployment)
        domain_evidence = await request.context.reads.read_snapshot(
            partial(gather_evidence, reference=reference)
        )
        signer = request.context.checkpoint_signer
        evidence = Evidence.from_domain(domain_evidence, at=request.context.now(), signer=signer)
        response: Response[Any]
        if format is EvidenceFormat.JSON:
            response = Response(msgspec.json.encode(evidence), media_type="application/json")
        elif format is EvidenceFormat.DSSE:
            envelope = sign_evidence(evidence, signer)
            response = Response(msgspec.json.encode(envelope), media_type=DSSE_ENVELOPE)
        else:
            name = f"{format_number(domain_evidence.deployment.number)}-evidence.zip"
            response = Response(
                build_archive(evidence),
                media_type=ZIP,
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        return response
