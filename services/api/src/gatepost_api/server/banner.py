"""The banner that `gatepost-server serve` prints when it starts."""

from __future__ import annotations

import sys
from shlex import quote

from gatepost_api.server.storage import storage_for
from gatepost_api.server.token_files import OWNER_TOKEN_FILE
from gatepost_api.server.worker_supervisor import browser_url
from gatepost_api.settings.server import StorageLocation
from gatepost_api.settings.server_version import VERSION


def print_banner(
    location: StorageLocation,
    url: str,
    sign_in_link: str | None,
    *,
    public_url: str | None,
    no_worker_reason: str | None,
) -> None:
    """Print how to sign in and call the API, and where the data is."""
    url = browser_url(url)
    token_file = quote(str((location.data / OWNER_TOKEN_FILE).resolve()))
    worker = (
        "runs beside the server (disable with --no-worker)"
        if no_worker_reason is None
        else f"none: {no_worker_reason}"
    )
    people = "" if public_url is None else f"  people    {public_url}\n"
    sys.stdout.write(
        f"\nGatepost {VERSION} is at {url}\n\n"
        f"{people}"
        f"  sign in   {_sign_in_help(sign_in_link)}\n"
        f'  call API  curl -H "Authorization: Bearer $(cat {token_file})" {url}/api/v1/me\n'
        f"  API docs  {url}/docs\n"
        f"  data      {storage_for(location)}\n"
        f"  worker    {worker}\n\n"
        "Press Ctrl-C to stop. Every acknowledged change is stored.\n\n"
    )
    sys.stdout.flush()


def _sign_in_help(link: str | None) -> str:
    if link is None:
        return "run `gatepost-server sign-in-link` in a terminal"
    return (
        f"{link}\n            (works once, within 5 minutes; `gatepost-server sign-in-link` prints "
        "another)"
    )
