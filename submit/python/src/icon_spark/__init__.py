"""Selects instruction-tuning data by its contribution in context, from PySpark.

    import icon_spark
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[*]")
    for key, value in icon_spark.session_config().items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()

    samples = spark.read.json("pool.jsonl")
    selected = icon_spark.select(
        samples, "15%", model="models/SmolLM2", assessment="tasks.jsonl", out="runs/first"
    )

What icon cannot do is an :class:`IconError` with a message and a cure.
"""

from icon_spark.errors import IconError, IconResourceError
from icon_spark.jar import jar_path, session_config
from icon_spark.run import IconRun, open_run, score, select
from icon_spark.stages import IconScorer, IconSelector, IconSelectorModel

__version__ = "0.1.0"

__all__ = [
    "IconError",
    "IconResourceError",
    "IconRun",
    "IconScorer",
    "IconSelector",
    "IconSelectorModel",
    "jar_path",
    "open_run",
    "score",
    "select",
    "session_config",
]
