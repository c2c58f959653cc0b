"""The network options of `serve`: addresses, TLS, proxies and outgoing requests."""

from __future__ import annotations

import argparse
from pathlib import Path

from gatepost_api.settings.network import (
    parse_cors_origins,
    parse_host_names,
    parse_outgoing_allow,
    parse_public_url,
    parse_trusted_proxies,
)
from gatepost_api.settings.server import Settings


def add_address_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    """Add the options for the address, the accepted host names and the public URL."""
    serve.add_argument(
        "--host", default=default.host, help="address to listen on (GATEPOST_HOST; %(default)s)"
    )
    serve.add_argument(
        "--port",
        type=int,
        default=default.port,
        help="port to listen on, 0 for any free port (GATEPOST_PORT; %(default)s)",
    )
    serve.add_argument(
        "--allowed-hosts",
        type=parse_host_names,
        default=default.allowed_hosts,
        help="accepted host names, separated by commas (GATEPOST_ALLOWED_HOSTS)",
    )
    serve.add_argument(
        "--public-url",
        type=parse_public_url,
        default=default.public_url,
        metavar="URL",
        help="URL at which people reach the server, for links (GATEPOST_PUBLIC_URL)",
    )
    serve.add_argument(
        "--cors-origins",
        type=parse_cors_origins,
        default=default.cors_origins,
        metavar="ORIGINS",
        help="origins of web applications that may call the API from a browser, separated by "
        "commas, or * (GATEPOST_CORS_ORIGINS)",
    )


def add_outgoing_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    """Add the option that restricts requests to other systems."""
    serve.add_argument(
        "--outgoing-allow",
        type=parse_outgoing_allow,
        default=default.outgoing_allow,
        metavar="ADDRESSES",
        help="hosts and networks to which webhooks and notifications may be sent, separated by "
        "commas; internal ones must be listed (GATEPOST_OUTGOING_ALLOW; public addresses)",
    )


def add_github_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    """Add the options for the GitHub App that answers deployment protection rules."""
    serve.add_argument(
        "--github-app",
        default=default.github_app,
        metavar="ID",
        help="client id of the GitHub App that answers jobs waiting for a deployment protection "
        "rule (GATEPOST_GITHUB_APP)",
    )
    serve.add_argument(
        "--github-app-key",
        type=Path,
        default=default.github_app_key,
        metavar="FILE",
        help="path to the PEM file with the GitHub App's private key (GATEPOST_GITHUB_APP_KEY)",
    )
    serve.add_argument(
        "--github-api",
        default=default.github_api,
        metavar="URL",
        help="address of GitHub's API (GATEPOST_GITHUB_API; %(default)s)",
    )


def add_tls_options(serve: argparse.ArgumentParser, default: Settings) -> None:
    """Add the options for TLS, by the server itself or by a proxy."""
    serve.add_argument(
        "--behind-proxy",
        action="store_true",
        default=default.behind_proxy,
        help="a proxy terminates TLS; by default one on this machine (GATEPOST_BEHIND_PROXY)",
    )
    serve.add_argument(
        "--trusted-proxies",
        type=parse_trusted_proxies,
        default=default.trusted_proxies,
        metavar="ADDRESSES",
        help="addresses and networks of the proxies whose X-Forwarded headers are trusted, "
        "separated by commas (GATEPOST_TRUSTED_PROXIES)",
    )
    serve.add_argument(
        "--tls-certificate",
        type=Path,
        default=default.tls_certificate,
        help="PEM file of the TLS certificate (GATEPOST_TLS_CERTIFICATE)",
    )
    serve.add_argument(
        "--tls-key",
        type=Path,
        default=default.tls_key,
        help="PEM file of the TLS key (GATEPOST_TLS_KEY)",
    )
