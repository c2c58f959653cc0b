"""Deployments over HTTP."""
