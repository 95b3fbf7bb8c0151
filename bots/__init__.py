"""How people reach the studio: one folder a platform, and `wording/` for every sentence a person reads.

Nothing here decides anything: bots ask `engine.studio` and say what it answered.
"""
