"""The gate: one file per check."""
