"""Generate the contracts of a service: Terraform, Kubernetes manifests and two pipelines.

`generate_contract_files` maps the data of a service to text, the same bytes for
the same input on every machine. It performs no I/O, reads no clock, and uses only
gatepost-domain and the standard library.
"""
