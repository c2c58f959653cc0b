"""The API that workers use."""
