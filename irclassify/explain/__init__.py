"""Why a group is called: the exact sum, regions, measured bands and their assignments."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.explain import contributions as contributions

__getattr__ = on_demand(__name__)
