"""Choosing: what is new and fits, and why each summary is in or out."""
