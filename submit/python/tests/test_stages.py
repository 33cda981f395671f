"""Stages in pipelines, saved and loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import SQLTransformer
from pyspark.sql import DataFrame

from conftest import BUDGET, CANDIDATES, MODEL, SETTINGS, rows
from icon_spark import IconError, IconScorer, IconSelector, IconSelectorModel, open_run


def scorer(place: Path, assessment: str) -> IconScorer:
    return IconScorer(
        model=MODEL,
        assessment=assessment,
        run_folder=str(place / "scorer"),
        candidates=CANDIDATES,
        settings=SETTINGS,
    )


def test_a_scorer_appends_the_contributions_of_the_command_line(
    samples: DataFrame, assessment: str, place: Path, command_line: str
) -> None:
    scored = scorer(place, assessment).transform(samples)
    assert scored.count() == samples.count()
    own = ["instruction", "input", "output"]
    distinct = scored.filter("contribution is not null").select(
        *own, "contribution", "standard_error", "consistency"
    ).distinct()
    assert rows(distinct.drop(*own)) == rows(
        open_run(command_line).contributions().select(
            "contribution", "standard_error", "consistency"
        )
    )
    with pytest.raises(IconError, match='Cannot append column "contribution"'):
        scorer(place, assessment).transform(scored)


def test_a_pipeline_with_other_stages_is_saved_and_loaded(
    samples: DataFrame, assessment: str, place: Path
) -> None:
    longer = SQLTransformer(statement="SELECT *, length(output) AS letters FROM __THIS__")
    good = SQLTransformer(statement="SELECT * FROM __THIS__ WHERE contribution > 0")
    model = Pipeline(stages=[longer, scorer(place / "pipeline", assessment), good]).fit(samples)
    expected = rows(model.transform(samples))
    assert expected
    model.write().overwrite().save(str(place / "pipeline-model"))
    loaded = PipelineModel.load(str(place / "pipeline-model"))
    assert isinstance(loaded.stages[1], IconScorer)
    assert loaded.stages[1].getOrDefault("candidates") == str(CANDIDATES)
    assert rows(loaded.transform(samples)) == expected


def test_a_selector_ranks_and_cuts_as_the_command_line(
    samples: DataFrame, assessment: str, place: Path, command_line: str
) -> None:
    selector = IconSelector(
        model=MODEL,
        assessment=assessment,
        run_folder=str(place / "fit"),
        candidates=CANDIDATES,
        budget=BUDGET,
        settings=SETTINGS,
    )
    model = selector.fit(samples)
    columns = ["position", "score", "measured", "predicted", "origin"]
    ranked = model.transform(samples)
    files = open_run(command_line)
    assert rows(ranked.filter("position is not null").select(*columns).distinct()) == rows(
        files.ranking().select(*columns)
    )
    assert rows(ranked.filter("selected").select("position").distinct()) == rows(
        files.selection().select("position")
    )
    assert open_run(model.fitted_folder).folder.endswith("/fit")

    selector.write().overwrite().save(str(place / "selector"))
    assert IconSelector.load(str(place / "selector")).getOrDefault("budget") == BUDGET
    model.write().overwrite().save(str(place / "selector-model"))
    loaded = IconSelectorModel.load(str(place / "selector-model"))
    assert loaded.uid == model.uid
    loaded.setBudget("2")
    again = loaded.transform(samples)
    assert rows(again.select(*columns)) == rows(ranked.select(*columns))
    assert again.filter("selected").selectExpr("max(position)").first()[0] == 2


def test_copies_do_not_move_each_other(assessment: str, place: Path) -> None:
    first = scorer(place, assessment)
    other = first.copy()
    first.setCandidates(3)
    assert other.getOrDefault("candidates") == str(CANDIDATES)
    assert "settings" in first.explainParams()
