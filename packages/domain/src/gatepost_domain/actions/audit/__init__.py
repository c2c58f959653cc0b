"""Actions for auditors: checking the right to audit, and gathering a deployment's evidence."""
