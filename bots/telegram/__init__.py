"""Kinora as a Telegram bot: messages, cards, buttons and cases in front of the studio.

Every sentence stands in bots/wording, every right is asked of Telegram and of the studio at each press, and nothing
that an answer needs is kept in this process: buttons name a job or a clip, storage/posted says what a message shows.
"""
