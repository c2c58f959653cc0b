"""API operations for environments, their policies and policy simulations."""
