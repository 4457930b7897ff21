"""Reports as one HTML page."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.reports.html import evaluation as evaluation

__getattr__ = on_demand(__name__)
