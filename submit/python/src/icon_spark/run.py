"""The job as functions over data frames, and a finished run as data frames."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Optional, Union, cast

from pyspark.sql import DataFrame, SparkSession

from icon_spark.errors import told
from icon_spark.jar import java_class

Assessment = Union[str, DataFrame]
Setting = Union[str, int, float]


class IconRun:
    """A run folder as data frames; ``docs/tables.md`` has the columns of every table.

    What needs other group weights or another budget is computed from the stored pairs: no model is
    loaded, and nothing is written.
    """

    def __init__(self, java: Any, spark: SparkSession) -> None:
        self._java = java
        self._spark = spark

    @property
    def folder(self) -> str:
        """Where it lies, with its scheme."""
        return cast(str, self._java.folder())

    def pool(self) -> DataFrame:
        """The samples that may be selected."""
        return self._frame("pool")

    def assessment(self) -> DataFrame:
        """The assessed examples."""
        return self._frame("assessment")

    def pairs(self) -> DataFrame:
        """One row for each candidate and assessed example, losses in nats per token."""
        return self._frame("pairs")

    def contributions(self, group_weights: Optional[Mapping[str, float]] = None) -> DataFrame:
        """One row for each scored candidate.

        Args:
            group_weights: what the run would have found with these weights, by group, from 0;
                groups not named weigh 1. Without them, what the run found.

        Raises:
            IconError: if a group is unknown, a weight is negative, or all are 0.
        """
        return self._frame("contributions", *_weights(group_weights))

    def ranking(self, group_weights: Optional[Mapping[str, float]] = None) -> DataFrame:
        """The pool in order; with other weights, the scored candidates by what was measured.

        What the selector predicts of samples that were not scored was learnt from the run's own
        weights. Score with ``candidates="all"`` to rank the whole pool by others.
        """
        return self._frame("ranking", *_weights(group_weights))

    def selection(
        self,
        budget: Optional[str] = None,
        group_weights: Optional[Mapping[str, float]] = None,
    ) -> DataFrame:
        """What was selected, or what another budget takes of the ranking, in its order.

        Args:
            budget: ``15%`` of the pool, ``5000`` samples or ``2000000tokens``; without it the
                run's own.
            group_weights: as for :meth:`ranking`.

        Returns:
            position, sample_id, score, origin, then the samples' own fields.

        Raises:
            IconError: if it is no budget, or takes samples of which nothing is known.
        """
        if group_weights is None:
            return self._frame("selection", *([] if budget is None else [budget]))
        own = self.manifest()["settings"]["icon.selection.budget"] if budget is None else budget
        return self._frame("selection", own, *_weights(group_weights))

    def manifest(self) -> dict[str, Any]:
        """What went in and what came out, as ``manifest.json`` has it."""
        with told():
            return cast("dict[str, Any]", json.loads(self._java.manifest()))

    def __repr__(self) -> str:
        return f"IconRun({self.folder!r})"

    def _frame(self, name: str, *arguments: Any) -> DataFrame:
        with told():
            return DataFrame(getattr(self._java, name)(*arguments), self._spark)


def score(
    samples: DataFrame,
    *,
    model: str,
    assessment: Optional[Assessment] = None,
    out: Optional[str] = None,
    candidates: Union[int, str, None] = None,
    settings: Optional[Mapping[str, Setting]] = None,
) -> IconRun:
    """Scores samples in context.

    Args:
        samples: the pool, with the columns of a sample (instruction, input and output; messages;
            prompt and completion), or others that the setting ``pool.columns`` maps.
        model: a checkpoint: a folder as Hugging Face lays it out, a GGUF file, the id of a model in
            the local Hugging Face cache, or a URI.
        assessment: the examples on which the loss is watched, a file of JSON lines or a data frame,
            with a group each; without them they are drawn from the pool.
        out: the run folder, which is taken up where it stopped; without it one that is removed
            when the Spark application ends.
        candidates: how many samples are scored, drawn with the seed; or ``"all"``.
        settings: any of ``docs/configuration.md``, such as ``{"score.measure": "log"}``.

    Raises:
        IconError: if a setting or input is wrong, or the run folder was made with others.
    """
    icon = _icon(model, assessment, out, candidates, settings)
    with told():
        return IconRun(icon.score(samples._jdf), samples.sparkSession)


def select(
    samples: DataFrame,
    budget: str,
    *,
    model: str,
    assessment: Optional[Assessment] = None,
    out: Optional[str] = None,
    candidates: Union[int, str, None] = None,
    settings: Optional[Mapping[str, Setting]] = None,
) -> DataFrame:
    """Scores and ranks samples and selects what a budget takes.

    Args:
        samples: as for :func:`score`, like all that is not named here.
        budget: ``15%``, ``5000`` samples or ``2000000tokens``.

    Returns:
        position, sample_id, score and origin, then the samples' own columns, in the order of the
        ranking. A sample that stands there twice is returned once.

    Raises:
        IconError: as :func:`score`.
    """
    icon = _icon(model, assessment, out, candidates, settings)
    with told():
        return DataFrame(icon.select(samples._jdf, budget), samples.sparkSession)


def open_run(folder: str, spark: Optional[SparkSession] = None) -> IconRun:
    """A run that was made before, by :func:`score`, :func:`select`, a stage or ``submit/icon``.

    Args:
        folder: what ``--out`` or ``out`` named.
        spark: the session to read it in; without it the one that is active.

    Raises:
        IconError: if there is none.
    """
    facade = java_class("Icon")
    session = spark if spark is not None else SparkSession.builder.getOrCreate()
    with told():
        return IconRun(facade.open(session._jsparkSession, folder), session)


def _icon(
    model: str,
    assessment: Optional[Assessment],
    out: Optional[str],
    candidates: Union[int, str, None],
    settings: Optional[Mapping[str, Setting]],
) -> Any:
    icon = java_class("Icon").create().model(model)
    with told():
        for key, value in (settings or {}).items():
            icon = icon.set(key, str(value))
        if candidates is not None:
            icon = icon.set("score.candidates", str(candidates))
        if out is not None:
            icon = icon.out(out)
        if isinstance(assessment, DataFrame):
            return icon.assessment(assessment._jdf)
        return icon if assessment is None else icon.assessment(assessment)


def _weights(weights: Optional[Mapping[str, float]]) -> list[Any]:
    return [] if weights is None else [{group: float(one) for group, one in weights.items()}]
