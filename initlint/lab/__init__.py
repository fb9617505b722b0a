"""Experiments that show what programs really do as PID 1: in PID namespaces and on a container engine."""
