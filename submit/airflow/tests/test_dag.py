"""What the DAG file says by itself: no scheduler, no Spark."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import icon_dag
import pytest
from airflow.exceptions import AirflowFailException
from conftest import DAG_FILE, REPOSITORY
from icon_dag import Outcome, _read, arguments, merged, outcome, reaching

NEEDED = {"pool": "/data/samples.jsonl", "model": "/data/model"}


def test_parsing_needs_no_spark_and_touches_nothing(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////nowhere/airflow.db",
    }
    code = f"import runpy; runpy.run_path({str(DAG_FILE)!r})"
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=tmp_path, check=True)
    assert not list(tmp_path.rglob("*.db"))


def test_the_verdict_follows_the_submission_and_is_asked_in_any_case() -> None:
    dag = icon_dag.icon()
    assert [task.task_id for task in dag.topological_sort()] == ["settings", "score", "verdict"]
    assert dag.get_task("score").retries == 2
    assert dag.get_task("verdict").trigger_rule == "all_done"


def test_the_driver_opens_what_the_build_opens() -> None:
    pom = (REPOSITORY / "pom.xml").read_text(encoding="utf-8")
    opened = re.search("<spark.jvm.options>(.*)</spark.jvm.options>", pom)
    assert opened is not None
    assert icon_dag.OPENS == opened[1]


def test_parameters_win_over_the_variable_and_objects_are_merged_key_by_key() -> None:
    variable = {**NEEDED, "budget": "10%", "options": {"seed": 1, "template": "chat"}}
    params = {"pool": None, "budget": "20%", "options": {"seed": 2}, "conf": {"spark.x": "y"}}
    settings = merged(params, variable)
    assert settings["pool"] == "/data/samples.jsonl"
    assert settings["budget"] == "20%"
    assert settings["options"] == {"seed": 2, "template": "chat"}
    assert settings["conf"] == {**icon_dag.SPARK_CONF, "spark.x": "y"}


def test_what_is_not_given_is_left_to_icons_own_defaults() -> None:
    assert arguments(merged({}, NEEDED), "/runs/a") == [
        "run",
        "--pool=/data/samples.jsonl",
        "--model=/data/model",
        "--out=/runs/a",
    ]


def test_a_missing_model_is_refused_with_the_cure() -> None:
    with pytest.raises(AirflowFailException, match="^Cannot run icon: model not given. Set it in"):
        merged({}, {"pool": "/data/samples.jsonl"})


def test_an_unknown_name_in_the_variable_is_refused() -> None:
    with pytest.raises(AirflowFailException, match=r"^Invalid Variable icon: .*, got bugdet\."):
        merged({}, {**NEEDED, "bugdet": "10%"})


def write(folder: Path, name: str, state: str, code: int, **more: Any) -> None:
    """A status file as icon writes it."""
    file = folder / "_icon" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    status = {"state": state, "stage": "score", "exitCode": code, "message": "why", **more}
    file.write_text(json.dumps(status), encoding="utf-8")


def test_a_driver_that_was_killed_is_told_with_the_cure() -> None:
    assert Outcome("dead", "score").fault() == (
        "icon was killed in stage score. Clear the task `score`: it goes on where it stopped."
    )


def test_only_what_is_final_and_of_this_try_is_read_from_the_disk(tmp_path: Path) -> None:
    write(tmp_path, "status.json", "running", -1, attempt="a-1")
    assert _read(str(tmp_path), "a-1") is None
    write(tmp_path, "status.json", "succeeded", 0, attempt="a-1")
    assert _read(f"file://{tmp_path}", "a-1") == Outcome("succeeded", "score", 0, "why")
    assert _read(str(tmp_path), "a-2") is None
    assert _read(f"s3a://bucket{tmp_path}", "a-1") is None


def test_a_try_that_was_refused_is_told_although_the_run_lies_there_whole(tmp_path: Path) -> None:
    write(tmp_path, "status.json", "succeeded", 0, attempt="a-1")
    write(tmp_path, "attempts/a-2.json", "failed", 2, attempt="a-2")
    told = outcome(str(tmp_path), "", "a-2", {})
    assert told.fault() == "icon failed in stage score with exit code 2: why"


def test_who_asks_reaches_the_run_folder_as_the_run_did() -> None:
    conf = {
        "spark.hadoop.fs.s3a.endpoint": "http://store:9000",
        "spark.jars.packages": "org.apache.hadoop:hadoop-aws:3.3.4",
        "spark.driver.memory": "64g",
    }
    assert reaching(conf) == [
        "--conf",
        "spark.hadoop.fs.s3a.endpoint=http://store:9000",
        "--conf",
        "spark.jars.packages=org.apache.hadoop:hadoop-aws:3.3.4",
    ]


@pytest.mark.parametrize(("code", "settled"), [(1, True), (2, True), (3, False), (4, False)])
def test_only_what_would_fail_again_is_not_retried(code: int, settled: bool) -> None:
    assert Outcome("failed", "score", code, "why").is_settled is settled
