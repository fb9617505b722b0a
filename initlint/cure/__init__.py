"""One plan per container: exec, init, install, CMD and USER written again.

`plan` turns what the trace shows into edits, or into the reason why there are none; how each
init is installed where is `install`'s affair.
"""
