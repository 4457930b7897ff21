"""Reports as text for a terminal."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.reports.terminal import charts as charts
    from irclassify.reports.terminal import check as check
    from irclassify.reports.terminal import comparison as comparison
    from irclassify.reports.terminal import evaluation as evaluation
    from irclassify.reports.terminal import explanation as explanation
    from irclassify.reports.terminal import inspection as inspection
    from irclassify.reports.terminal import predictions as predictions

__getattr__ = on_demand(__name__)
