"""The ids of everything a verdict can be about. Policy, rule packs, wording and tests use these and no others."""

from enum import StrEnum


class Category(StrEnum):
    SEXUAL = "sexual"
    SUGGESTIVE = "suggestive"
    MINORS = "minors"  # a minor in anything sexual: locked, never a community's choice
    NON_CONSENSUAL = "non_consensual"
    VIOLENCE = "violence"
    GORE = "gore"
    ANIMAL_CRUELTY = "animal_cruelty"
    SELF_HARM = "self_harm"  # eating disorders included
    HATE = "hate"
    EXTREMISM = "extremism"
    HARASSMENT = "harassment"
    THREATS = "threats"
    REAL_PEOPLE = "real_people"
    OTHERS_IP = "others_ip"  # others' characters, brands, and the style of living artists
    DECEPTION = "deception"
    PRIVACY = "privacy"
    ILLICIT_GOODS = "illicit_goods"
    WEAPONS = "weapons"
    CBRN = "cbrn"
    FRAUD = "fraud"
    DANGEROUS_STUNTS = "dangerous_stunts"
    DISTURBING = "disturbing"
    POLITICAL = "political"
    FLASHING = "flashing"
    # Not a fault of the text: some part of it could not be looked at. Every fault signal carries it.
    UNCHECKED = "unchecked"


KNOWN = frozenset(Category)  # for ids that came as plain text: "sexual" in KNOWN
