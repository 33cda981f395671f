"""The name under which PySpark looks for the Python side of the Java stages.

``PipelineModel.load`` turns the name of a stage's Java class into that of a Python class. Use
``icon_spark`` itself everywhere else.
"""

from icon_spark.stages import IconScorer, IconSelector, IconSelectorModel

__all__ = ["IconScorer", "IconSelector", "IconSelectorModel"]
