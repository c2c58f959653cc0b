"""Files of past deployments: their encodings, formats, columns and rows."""
