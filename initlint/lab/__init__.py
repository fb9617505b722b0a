"""The lab: starts programs as PID 1 of fresh namespaces and compares what they do with the facts.

`python -m initlint.lab` measures every fact again whose program is installed. A recipe says how a
program is started; what it has to do then is never written here but read from `initlint.facts`.
Needs root on Linux, and util-linux's unshare and nsenter. Nothing of it runs in `initlint check`.
"""
