"""The studio: briefs, jobs, members, credits, and the pipeline that a job goes through.

Knows safety, provenance and storage; knows no platform. `studio.py` is the one door that bots knock at.
"""
