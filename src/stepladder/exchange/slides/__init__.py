"""Slides for a board: where things stand on them, and what each says."""
