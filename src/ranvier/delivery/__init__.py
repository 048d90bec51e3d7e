"""Handing messages over: one engine, one file per transport."""
