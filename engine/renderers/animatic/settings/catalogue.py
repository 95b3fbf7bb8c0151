"""All settings by name."""

from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.country import COUNTRY
from engine.renderers.animatic.settings.halls import HALLS
from engine.renderers.animatic.settings.land import LAND
from engine.renderers.animatic.settings.places import PLACES
from engine.renderers.animatic.settings.rooms import ROOMS
from engine.renderers.animatic.settings.sights import SIGHTS
from engine.renderers.animatic.settings.towns import TOWNS
from engine.renderers.animatic.settings.water import WATERS
from engine.renderers.animatic.settings.wilds import WILDS
from engine.renderers.animatic.settings.worlds import WORLDS

SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (*LAND, *WATERS, *PLACES, *COUNTRY, *WILDS, *TOWNS, *SIGHTS, *ROOMS, *HALLS, *WORLDS)
}
