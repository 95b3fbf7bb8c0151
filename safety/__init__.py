"""Verdicts on text, uploads and frames, and the policy behind them.

Takes plain submissions and frames; knows no platform, no job, no member, and nothing of provenance.
"""
