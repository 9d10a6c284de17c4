"""The tests, with what they share in ``support``."""
