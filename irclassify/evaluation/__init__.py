"""Answers against known structures: labels, matching of files to them, measures."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.evaluation import structures as structures

__getattr__ = on_demand(__name__)
