"""Gatherings: what a channel makes together. A chain is gone on with by one member after the other; a party has a theme
and an end, and closes with a reel of what was liked most.

No platform is known here: a place is a community and a key that the platform gives it. What is derived (whose turn it
is, what stands, who leads) is derived in `states`; what may be done, in `joining`; how it ends, in `closing`.
"""

from engine.gatherings.room import Gatherings as Gatherings
from engine.gatherings.rules import ChainRules as ChainRules
from engine.gatherings.rules import PartyRules as PartyRules
from engine.gatherings.view import GatheringView as GatheringView
