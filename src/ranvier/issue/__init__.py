"""One dated issue: composed, proposed, written to a file and read back."""
