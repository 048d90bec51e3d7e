"""Grouping: which topic a summary belongs to."""
