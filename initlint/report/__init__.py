"""Output formats: a module each, with `render`, which turns what was found into text."""
