"""A real Spark with the built jar, and the tiny model."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

import icon_spark

REPOSITORY = Path(__file__).resolve().parents[3]
TINY = REPOSITORY / "tools" / "tiny-icl"
MODEL = str(TINY / "model")
CANDIDATES = 24
BUDGET = "25%"
SETTINGS = {
    "model.threads": 1,
    "score.measure": "log",
    "selector.kind": "ngram",
    "pool.maxRejectShare": 0.5,
}


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    for key, value in icon_spark.session_config().items():
        builder = builder.config(key, value)
    session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("icon")


@pytest.fixture(scope="session")
def pool(place: Path) -> str:
    return _lines(TINY / "demo" / "pool.jsonl", place / "pool.jsonl", slice(0, 40))


@pytest.fixture(scope="session")
def assessment(place: Path) -> str:
    # Every fourth, so that all six groups come in.
    return _lines(
        TINY / "demo" / "assessment.jsonl", place / "assessment.jsonl", slice(0, None, 4)
    )


def _lines(source: Path, target: Path, some: slice) -> str:
    lines = source.read_text(encoding="utf-8").splitlines()[some]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(target)


@pytest.fixture(scope="session")
def samples(spark: SparkSession, pool: str) -> DataFrame:
    return spark.read.json(pool)


@pytest.fixture(scope="session")
def command_line(place: Path, pool: str, assessment: str) -> str:
    """The run folder of ``submit/icon run`` with the settings of the tests."""
    out = str(place / "command-line")
    command = [
        *(str(REPOSITORY / "submit" / "icon"), "run", "--pool", pool),
        *("--assessment", assessment, "--model", MODEL, "--out", out),
        *("--candidates", str(CANDIDATES), "--budget", BUDGET, "--threads", "1"),
        *("--measure", "log", "--selector", "ngram", "--max-reject-share", "0.5"),
        *("--master", "local[2]"),
    ]
    environment = {name: value for name, value in os.environ.items() if name != "SPARK_HOME"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def scored(place: Path, spark: SparkSession, samples: DataFrame, assessment: str) -> str:
    """The run folder of ``score`` over a data frame, with the same settings."""
    run = icon_spark.score(
        samples,
        model=MODEL,
        assessment=spark.read.json(assessment),
        out=str(place / "scored"),
        candidates=CANDIDATES,
        settings=SETTINGS,
    )
    return run.folder


def rows(frame: DataFrame) -> list[str]:
    """Rows as texts in which every double is told apart from all others, sorted."""
    return sorted(frame.toJSON().collect())
