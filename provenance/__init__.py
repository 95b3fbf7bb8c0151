"""Where a clip comes from, and how to prove it: keys, C2PA manifests, marks, and "was this made here?".

Takes plain facts; knows no platform, no job, no member, and nothing of safety.
"""
