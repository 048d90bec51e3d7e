"""Reading summaries: bytes of any kind in, one `Summary` or a reason out."""
