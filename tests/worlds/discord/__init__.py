"""A local Discord for tests: the gateway over a real websocket, the REST calls a bot of ours makes over real HTTP.

What it knows of Discord: `requests.json` (the bodies of requests, from Discord's own description) and what that
description does not say: clocks, one answer an interaction, 40 components, sizes, permissions, nonces, rate limits.
It offers nothing that the real one lacks. Nothing of Kinora may be imported here, except in `starting.py`.
"""
