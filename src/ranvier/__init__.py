"""Ranvier: AI-written research summaries, as digests that people can trust."""
