"""Results to text, JSON, pages and figures. Nothing is computed here."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.reports import figure as figure
    from irclassify.reports import html as html
    from irclassify.reports import terminal as terminal

__getattr__ = on_demand(__name__)
