"""Answers to very many spectra as files: Parquet, Arrow, NumPy, pictures of maps."""

from typing import TYPE_CHECKING

from irclassify.extras import on_demand

if TYPE_CHECKING:
    from irclassify.batch.outputs import arrow as arrow

__getattr__ = on_demand(__name__)
