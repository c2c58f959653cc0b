"""What an auditor takes away of a deployment."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get
from litestar.params import QueryParameter

from gatepost_api.deployments.reference import require_reference
from gatepost_api.evidence.archive import build_archive
from gatepost_api.evidence.responses import Evidence, EvidenceFormat
from gatepost_api.http.path_parameters import DeploymentInPath
from gatepost_api.http.problems import problem_responses
from gatepost_api.http.request import ApiRequest
from gatepost_domain.actions.audit.evidence import gather_evidence
from gatepost_domain.deployments.deployment import format_number

Format = Annotated[
    EvidenceFormat,
    QueryParameter(
        description="The document alone, or a zip archive with what verifies it offline."
    ),
]


class EvidenceController(Controller):
    """Deployments as they are shown to auditors."""

    path = "/deployments/{deployment:str}"
    tags = ("deployments",)

    @get(
        "/evidence",
        summary="Hand over the evidence of a deployment",
        responses=problem_responses(401, 404, 422),
    )
    async def get_deployment_evidence(
        self,
        request: ApiRequest,
        deployment: DeploymentInPath,
        format: Format = EvidenceFormat.JSON,  # noqa: A002  # the parameter's own name
    ) -> Response[Evidence]:
        """Everything about one deployment in one document, all of it as of the same instant.

        What was asked for, the policy it was asked under, who approved exactly what, how each gate
        stood at the start, what workers told, and every event with its hashes. The archive also
        holds a program of nothing but Python's standard library that recomputes all of them without
        a server: unpack it and run `python3 verify.py`.
        """
        reference = require_reference(deployment)
        found = await request.context.reads.read_snapshot(
            partial(gather_evidence, reference=reference)
        )
        evidence = Evidence.from_domain(found, at=request.context.now())
        if format is EvidenceFormat.JSON:
            return _answer(msgspec.json.encode(evidence), "application/json", {})
        name = f"{format_number(found.deployment.number)}-evidence.zip"
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return _answer(build_archive(evidence), "application/zip", disposition)


def _answer(body: bytes, media_type: str, headers: dict[str, str]) -> Response[Any]:
    return Response(body, media_type=media_type, headers=headers)
