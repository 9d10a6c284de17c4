"""From the bytes of a file to a record, every error with its place."""
