"""Deployments: their reviews, emergency approvals, worker claims, rollout steps and lanes."""
