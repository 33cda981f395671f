"""icon as stages of pyspark.ml, for pipelines that are saved and loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Optional, TypeVar, Union

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable, MLReadable
from pyspark.ml.wrapper import JavaEstimator, JavaModel, JavaParams, JavaTransformer
from pyspark.sql import DataFrame

from icon_spark.errors import told
from icon_spark.jar import java_class
from icon_spark.run import Assessment, Setting

_S = TypeVar("_S", bound="_IconParams")
_R = TypeVar("_R", bound="MLReadable[Any]")


def _text(name: str, meaning: str) -> Param[str]:
    return Param(Params._dummy(), name, meaning, typeConverter=TypeConverters.toString)


def _texts(name: str, meaning: str) -> Param[list[str]]:
    return Param(Params._dummy(), name, meaning, typeConverter=TypeConverters.toListString)


class _Reader(JavaMLReader[_R]):
    """Reads by the Java class of the same name."""

    @classmethod
    def _java_loader_class(cls, clazz: type[JavaMLReadable[_R]]) -> str:
        return "ai.icon.spark.ml." + clazz.__name__

    def load(self, path: str) -> _R:
        with told():
            return super().load(path)


class _Readable(JavaMLReadable[_R], Generic[_R]):
    @classmethod
    def read(cls) -> JavaMLReader[_R]:
        """A reader of what was saved."""
        java_class(cls.__name__)
        return _Reader(cls)


class _IconParams(JavaParams):
    """What the scorer and the selector are told."""

    modelPath = _text("modelPath", "folder of the checkpoint as Hugging Face lays it out")
    assessmentPath = _text("assessmentPath", "file of the examples on which the loss is watched")
    assessmentRows = _texts("assessmentRows", "the examples themselves, a JSON object each")
    runFolder = _text("runFolder", "folder of the run; without it one of the Spark application")
    candidates = _text("candidates", "how many samples are scored, drawn with the seed; or all")
    settings = _texts("settings", "any other settings, key=value each")

    def setModelPath(self: _S, value: str) -> _S:
        """Sets the folder of the checkpoint."""
        self._set(modelPath=value)
        return self

    def setAssessment(self: _S, value: Assessment) -> _S:
        """Sets the assessed examples: a file of JSON lines, or a data frame, which is collected."""
        if isinstance(value, DataFrame):
            self._set(assessmentRows=sorted(value.toJSON().collect()))
        else:
            self._set(assessmentPath=value)
        return self

    def setRunFolder(self: _S, value: str) -> _S:
        """Sets the folder of the run."""
        self._set(runFolder=value)
        return self

    def setCandidates(self: _S, value: Union[int, str]) -> _S:
        """Sets how many samples are scored; or ``"all"``."""
        self._set(candidates=str(value))
        return self

    def setSettings(self: _S, value: Mapping[str, Setting]) -> _S:
        """Sets any other settings of ``docs/configuration.md``, in place of those before."""
        self._set(settings=[f"{key}={one}" for key, one in value.items()])
        return self

    def _begin(
        self,
        model: Optional[str],
        assessment: Optional[Assessment],
        run_folder: Optional[str],
        candidates: Union[int, str, None],
        settings: Optional[Mapping[str, Setting]],
    ) -> None:
        self._java_obj = java_class(type(self).__name__)(self.uid)
        if model is not None:
            self.setModelPath(model)
        if assessment is not None:
            self.setAssessment(assessment)
        if run_folder is not None:
            self.setRunFolder(run_folder)
        if candidates is not None:
            self.setCandidates(candidates)
        if settings is not None:
            self.setSettings(settings)


class IconScorer(JavaTransformer, _IconParams, JavaMLWritable, _Readable["IconScorer"]):
    """Scores samples in context and appends ``contribution``, ``standard_error`` and the others
    of the table ``contributions`` in ``docs/tables.md``.

    All rows of a data frame are the pool. Rows that were not drawn as candidates, are no samples or
    overlap with the assessed examples get nulls. Rows of equal content get equal values. The work
    is done when :meth:`transform` is called, once for each content of the data frame.

    Args:
        model: folder of the checkpoint as Hugging Face lays it out.
        assessment: file or data frame of the examples on which the loss is watched.
        run_folder: folder of the run; without it one of the Spark application.
        candidates: how many samples are scored; or ``"all"``.
        settings: any other settings of ``docs/configuration.md``.
    """

    def __init__(
        self,
        *,
        model: Optional[str] = None,
        assessment: Optional[Assessment] = None,
        run_folder: Optional[str] = None,
        candidates: Union[int, str, None] = None,
        settings: Optional[Mapping[str, Setting]] = None,
    ) -> None:
        super().__init__()
        self._begin(model, assessment, run_folder, candidates, settings)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        with told():
            return super()._transform(dataset)


class IconSelectorModel(JavaModel, JavaMLWritable, _Readable["IconSelectorModel"]):
    """Ranks samples by what an :class:`IconSelector` measured and learnt, and cuts at a budget.

    Appends ``position``, ``score``, ``measured``, ``predicted``, ``origin`` and ``selected``. A
    saved model holds all that it needs but the checkpoint.
    """

    fittedFolder = _text("fittedFolder", "run folder of the fit")
    modelPath = _text("modelPath", "folder of the checkpoint, where it has moved")
    runFolder = _text("runFolder", "run folder for samples that were not fitted on")
    budget = _text("budget", "how much is selected: 15%, 5000 samples or 2000000tokens")

    @property
    def fitted_folder(self) -> str:
        """Run folder of the fit, for :func:`icon_spark.open_run`."""
        return self.getOrDefault(self.fittedFolder)

    def setModelPath(self, value: str) -> IconSelectorModel:
        """Sets the folder of the checkpoint, if it is no longer where it was at the fit."""
        self._set(modelPath=value)
        return self

    def setRunFolder(self, value: str) -> IconSelectorModel:
        """Sets the run folder for samples that the selector was not fitted on."""
        self._set(runFolder=value)
        return self

    def setBudget(self, value: str) -> IconSelectorModel:
        """Sets how much is selected."""
        self._set(budget=value)
        return self

    def _transform(self, dataset: DataFrame) -> DataFrame:
        with told():
            return super()._transform(dataset)


class IconSelector(
    JavaEstimator[IconSelectorModel], _IconParams, JavaMLWritable, _Readable["IconSelector"]
):
    """Scores candidates in context and trains the selector on them.

    Where every sample is a candidate nothing is trained, and the model can rank these samples
    alone: leave ``candidates`` below their number to rank others as well.

    Args:
        budget: how much the model selects: ``15%``, ``5000`` samples or ``2000000tokens``.

    The others are those of :class:`IconScorer`.
    """

    budget = _text("budget", "how much is selected: 15%, 5000 samples or 2000000tokens")

    def __init__(
        self,
        *,
        model: Optional[str] = None,
        assessment: Optional[Assessment] = None,
        run_folder: Optional[str] = None,
        candidates: Union[int, str, None] = None,
        budget: Optional[str] = None,
        settings: Optional[Mapping[str, Setting]] = None,
    ) -> None:
        super().__init__()
        self._begin(model, assessment, run_folder, candidates, settings)
        if budget is not None:
            self.setBudget(budget)

    def setBudget(self, value: str) -> IconSelector:
        """Sets how much the model selects."""
        self._set(budget=value)
        return self

    def _create_model(self, java_model: Any) -> IconSelectorModel:
        model = IconSelectorModel(java_model)
        model._transfer_params_from_java()
        return model

    def _fit(self, dataset: DataFrame) -> IconSelectorModel:
        # Not JavaEstimator's own: the estimator's run folder is the fitted one, and not the one of
        # samples that come later.
        with told():
            return self._create_model(self._fit_java(dataset))
