"""All settings by name."""

from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.land import LAND
from engine.renderers.animatic.settings.places import PLACES
from engine.renderers.animatic.settings.water import WATERS

SETTINGS: dict[str, Setting] = {setting.name: setting for setting in (*LAND, *WATERS, *PLACES)}
