"""Many inputs: files, tables, a cluster. Memory is bounded and the order of inputs is kept."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.batch import in_words as in_words
    from irclassify.batch import tables as tables
    from irclassify.batch import workers as workers

__getattr__ = on_demand(__name__)
