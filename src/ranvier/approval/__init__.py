"""Freezing an issue: what was approved is what leaves."""
