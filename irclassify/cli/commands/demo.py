"""``irclassify demo``."""

from irclassify.cli import options as o
from irclassify.cli import work
from irclassify.model.installed import DEFAULT_MODEL


def demo(model: o.Model = DEFAULT_MODEL) -> int:
    """Classify the sample spectra and explain one of them.

    **Examples**

    irclassify demo

    irclassify demo --model rieger2023
    """
    return work.demo.run(model=model)
