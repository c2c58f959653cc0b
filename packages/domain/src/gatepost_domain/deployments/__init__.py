"""The deployment, its review, its worker claims and steps, and its emergency approvals."""
