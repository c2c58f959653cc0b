"""The evidence of a deployment, from its page."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from gatepost_domain.status import Status
from tests.integration.console.conftest import As
from tests.support.http.api import Api, ok_json


async def test_whoever_sees_a_deployment_takes_its_evidence_away(api: Api, as_somebody: As) -> None:
    """The page links to the archive and to the document, and both open with the session alone."""
    await api.deployment(Status.SUCCEEDED)
    await api.create_user("val", roles=(), groups=())
    val = await as_somebody("val")
    page = await val.open("/deployments/DEP-1")

    archive, document = re.findall(r'href="(/api/v1/deployments/DEP-1/evidence[^"]*)"', page)
    downloaded = await val.client.get(archive)
    with ZipFile(BytesIO(downloaded.content)) as unpacked:
        assert "verify.py" in unpacked.namelist()
    assert ok_json(await val.client.get(document))["deployment"]["number"] == "DEP-1"
