"""Kinora as a Discord app: commands, cards and buttons in front of the studio.

Every sentence stands in bots/wording, every right is asked of the studio at each press, and nothing that a button needs
is kept in this process: its custom_id names a job or a clip, and the rest is in the database.
"""
