"""A local Telegram: a Bot API server over real HTTP, with its chats, people and files.

`world.py` holds what there is and the rules, `methods.py` what a bot may call, `server.py` the HTTP, `people.py` what
members do, `reading.py` how messages look to them. Calls are checked by `api.json`, which `extract.py` makes.
"""
