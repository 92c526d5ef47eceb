"""Benchmarks: each prints a ratio beside a limit that was measured in the same run, on the same machine, and asserts nothing.
`python -m benchmarks` (or `make bench`) runs all; name some to run only those. docs/performance.md explains the figures."""
