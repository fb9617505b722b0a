"""Edits into files: conflict-free application, verification by tracing the result, diffs, atomic writes."""
