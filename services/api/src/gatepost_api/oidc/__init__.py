"""Verifying tokens of OpenID Connect issuers."""
