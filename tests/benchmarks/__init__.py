"""Measurements of the numbers that the studio promises. They print; they assert nothing.

A benchmark is a module here with a `main()`; `python -m tests.benchmarks [NAME ...]` runs all of them or those named.
"""
