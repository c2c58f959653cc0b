"""Authentication of requests, and the rights that operations require."""
