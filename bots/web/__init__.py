"""The studio's pages: a member's studio, the moderators' desk and the operator's view, served to a browser.

Every sentence stands in bots/wording, every right is asked at each request (rooms name the least that a page needs), a
form that does not carry its session's token changes nothing, and no page asks another host for anything.
"""
