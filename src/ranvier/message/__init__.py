"""Rendered parts in; the wire bytes of one reader's message out."""
