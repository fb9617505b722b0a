"""initlint finds out what PID 1 of a container really is, and writes the fix."""

__version__ = "0.1.0"
