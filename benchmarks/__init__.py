"""Measurements of speed. None of them is a test: a machine's mood isn't a fault of the code."""
