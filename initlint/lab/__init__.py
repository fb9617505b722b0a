"""The lab: what programs and containers really do, measured.

`python -m initlint.lab` starts programs as PID 1 of fresh namespaces and measures every fact again
whose program is installed; a recipe says how a program is started, what it has to do then is read
from `initlint.facts`. The `engine_*` modules run whole containers for `initlint prove`. Needs root
on Linux. Nothing of it runs in `initlint check`.
"""
