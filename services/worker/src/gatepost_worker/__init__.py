"""The Gatepost worker: carries out deployments and reports their progress and outcome."""
