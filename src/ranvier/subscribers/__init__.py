"""People: who is on the list, and how lists come in and go out."""
