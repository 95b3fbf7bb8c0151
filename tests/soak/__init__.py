"""Long runs: kills, power cuts, many processes on one queue, memory and leaks.

Each has a short version that runs with the other tests; the long ones are marked `soak` and run by `make soak`.
"""
