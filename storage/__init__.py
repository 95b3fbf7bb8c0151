"""The database and the files. The lowest floor: imports nothing of the floors above.

`tables/` is every table; one file a subject holds the functions that read and write it; `blobs.py` and `media.py`
hold the files.
"""
