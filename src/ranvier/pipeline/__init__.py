"""What each command does, in the order of the work; `journey.py` is all of it on one page."""
