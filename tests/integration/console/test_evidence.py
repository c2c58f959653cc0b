"""Downloading the evidence of a deployment from its page."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

from gatepost_domain.status_transitions import Status
from tests.integration.console.conftest import AsUser
from tests.support.http.api import Api, ok_json


async def test_every_user_can_download_the_evidence_of_a_deployment(
    api: Api, as_user: AsUser
) -> None:
    """The page links to the archive and the document, and a session is enough to download them."""
    await api.deployment(Status.SUCCEEDED)
    await api.create_user("val", roles=(), groups=())
    val = await as_user("val")
    page = await val.open("/deployments/DEP-1")

    archive, document = re.findall(r'href="(/api/v1/deployments/DEP-1/evidence[^"]*)"', page)
    downloaded = await val.client.get(archive)
    with ZipFile(BytesIO(downloaded.content)) as unpacked:
        assert "verify.py" in unpacked.namelist()
    assert ok_json(await val.client.get(document))["deployment"]["number"] == "DEP-1"
