"""The worker: carries deployments out, beside their targets, and tells Gatepost how they went."""
