"""How good the detectors are: benchmarks' rules as pure functions, and a command that runs them.

Of this package only `corpus` and `__main__` touch files.
"""
