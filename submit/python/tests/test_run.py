"""Functions over data frames, against the command line over files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

import icon_spark
from conftest import BUDGET, CANDIDATES, MODEL, SETTINGS, rows


def test_pairs_and_contributions_are_those_of_the_command_line(
    spark: SparkSession, scored: str, command_line: str
) -> None:
    run = icon_spark.open_run(scored)
    files = icon_spark.open_run(command_line, spark)
    assert run.pairs().count() == CANDIDATES * 12
    assert rows(run.pairs()) == rows(files.pairs())
    assert rows(run.contributions()) == rows(files.contributions())


def test_a_selection_is_that_of_the_command_line_row_by_row(
    samples: DataFrame, assessment: str, scored: str, command_line: str
) -> None:
    selected = icon_spark.select(
        samples.repartition(3),
        BUDGET,
        model=MODEL,
        assessment=samples.sparkSession.read.json(assessment),
        out=scored,
        candidates=CANDIDATES,
        settings=SETTINGS,
    )
    assert selected.columns[:4] == ["position", "sample_id", "score", "origin"]
    files = icon_spark.open_run(command_line).selection().orderBy("position")
    assert selected.collect() == files.select(*selected.columns).collect()
    again = icon_spark.open_run(scored)
    assert rows(again.ranking()) == rows(icon_spark.open_run(command_line).ranking())
    assert again.manifest()["counts"] == icon_spark.open_run(command_line).manifest()["counts"]


def test_other_weights_and_budgets_need_no_model(command_line: str) -> None:
    run = icon_spark.open_run(command_line)
    assert rows(run.contributions({})) == rows(run.contributions())
    assert rows(run.contributions({"listing": 5})) != rows(run.contributions())
    best = run.selection("3", {"listing": 1, "sorting": 0}).collect()
    assert [row["position"] for row in best] == [1, 2, 3]
    assert [row["score"] for row in best] == sorted((row["score"] for row in best), reverse=True)
    assert run.selection("2").collect() == run.selection().orderBy("position").limit(2).collect()


def test_what_java_refuses_is_an_error_with_a_cure(
    samples: DataFrame, assessment: str, command_line: str, place: Path
) -> None:
    with pytest.raises(icon_spark.IconError) as refused:
        icon_spark.score(samples, model="nowhere", assessment=assessment, out=str(place / "none"))
    assert "nowhere" in refused.value.message
    assert refused.value.cure
    assert "Py4J" not in str(refused.value)
    with pytest.raises(icon_spark.IconError, match="Did you mean icon.score.measure"):
        icon_spark.score(samples, model=MODEL, settings={"score.mesure": "log"})
    with pytest.raises(icon_spark.IconError, match='no group "lists"'):
        icon_spark.open_run(command_line).contributions({"lists": 1})
    with pytest.raises(icon_spark.IconError, match="no run was ever begun there"):
        icon_spark.open_run(str(place / "empty"))


def test_a_jar_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    jar = place / "icon.jar"
    monkeypatch.setenv("ICON_JAR", str(jar))
    with pytest.raises(icon_spark.IconError, match="which ICON_JAR names"):
        icon_spark.jar_path()
    jar.write_bytes(b"")
    assert icon_spark.session_config()["spark.jars"] == str(jar)
