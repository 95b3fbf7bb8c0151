"""The review desk: cases and whose turn they are, decisions, appeals, strikes.

Nothing here knows a platform, a job's states or a file. Every function is called inside the caller's transaction, and
the caller applies what a decision means for the job and the clip in that same transaction.
"""
