"""Verification of tokens from OpenID Connect issuers."""
