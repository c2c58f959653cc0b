"""Check runs, which run a target's checks outside of a deployment, and their results."""
