"""The studio from a terminal: one file for each group of commands.

`desk.py` and `creating.py` and their like read what was typed and ask the studio; `answers.py` is the stable JSON;
`screen.py` is the only place that prints. No sentence stands here: those are in bots/wording.
"""
