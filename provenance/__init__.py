"""Where a clip comes from, and how to prove it: keys, C2PA manifests, marks, and "was this made here?".

keys and certificates hold what signs; manifest says what is signed; seal signs and reads back; trace asks its layers,
of which credentials is the first; visible and lettering draw the mark. Only seal and credentials know the c2pa library.
Takes plain facts; knows no platform, no job, no member, and nothing of safety.
"""
