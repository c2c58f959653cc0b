"""Tracing of tasks, with OpenTelemetry if that is configured."""
