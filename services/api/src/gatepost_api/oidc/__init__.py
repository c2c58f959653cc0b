"""Verification of tokens of OpenID Connect issuers."""
