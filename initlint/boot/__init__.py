"""The boot trace: what PID 1 is once a container has settled, with a reason for every step.

`model` holds the records; `shell` evaluates scripts and `-c` strings; `wrappers` finds the
command that a launcher starts; `programs` reads program sources; `follow` puts them together;
`verdict` says whether what became of it reaps and stops.
"""
