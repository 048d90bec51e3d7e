"""Summaries and words in; one HTML and one text per audience out, as chunks."""
