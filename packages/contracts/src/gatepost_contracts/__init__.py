"""What Gatepost generates for a service: Terraform, Kubernetes deployments and two pipelines.

`generate` turns what is known of a service into text, the same bytes for the same input on every
machine. The standard library alone; nothing is written, read from outside or asked of a clock.
"""
