"""The DAG's three outcomes, under a real scheduler with a real spark-submit."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from pathlib import Path

import icon_dag
import pytest
from conftest import Airflow, built_jar, wait_for
from icon_dag import Outcome

TABLES = ("pool", "rejects", "assessment", "pairs", "contributions", "ranking", "selection")
# What a worker runs a driver in.
WRAPPER = b"org.apache.spark.deploy.worker.DriverWrapper"


def scheduled(airflow: Airflow) -> str:
    """The one run that the schedule brought about."""
    query = "SELECT run_id FROM dag_run WHERE run_type = 'scheduled'"
    rows = wait_for("the scheduled run", lambda: airflow.select(query), 60)
    return rows[0][0]  # type: ignore[index]


def run_folder(airflow: Airflow, runs: Path, run_id: str) -> Path:
    """The run folder that belongs to the logical date of a DAG run."""
    query = "SELECT strftime('%Y%m%dT%H%M%S', execution_date) FROM dag_run WHERE run_id = ?"
    rows = wait_for(f"the run {run_id}", lambda: airflow.select(query, run_id), 60)
    return runs / rows[0][0]  # type: ignore[index]


def content(folder: Path) -> dict[str, str]:
    """The bytes of every table, as hashes by file."""
    files = [f for table in TABLES for f in sorted((folder / table).glob("*.parquet"))]
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def driver_of(folder: Path) -> int | None:
    """The process that runs icon on a folder."""
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:  # It has ended meanwhile.
            continue
        if WRAPPER in words and f"--out={folder}".encode() in words:
            return int(process.name)
    return None


def test_success_leaves_the_selection_of_its_logical_date(airflow: Airflow, runs: Path) -> None:
    run_id = scheduled(airflow)
    assert airflow.ended(run_id) == "success", airflow.log(run_id, "verdict")
    folder = run_folder(airflow, runs, run_id)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["counts"]["selected"] == 54, manifest["counts"]
    assert f"icon succeeded: {folder}/selection" in airflow.log(run_id, "verdict")
    assert airflow.tasks(run_id)["score"] == ("success", 1)


def test_hadoop_and_the_disk_tell_the_same(
    airflow: Airflow, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = scheduled(airflow)
    assert airflow.ended(run_id) == "success"
    folder = run_folder(airflow, runs, run_id)
    monkeypatch.setenv("PATH", airflow.environment["PATH"])
    told = {
        attempt: icon_dag._asked(str(folder), str(built_jar()), attempt, {})
        for attempt in (f"{folder.name}-1", f"{folder.name}-2")
    }
    assert told == {
        f"{folder.name}-1": icon_dag._read(str(folder), f"{folder.name}-1"),
        f"{folder.name}-2": Outcome("unknown", exit_code=7),
    }


def test_failure_is_told_with_the_runs_own_words(airflow: Airflow, runs: Path) -> None:
    airflow.trigger("too-strict", options={"max-reject-share": 0})
    assert airflow.ended("too-strict") == "failed"
    # One try: what icon refuses it would refuse again.
    assert airflow.tasks("too-strict") == {
        "settings": ("success", 1),
        "score": ("failed", 1),
        "verdict": ("failed", 1),
    }
    status = json.loads(
        (run_folder(airflow, runs, "too-strict") / "_icon" / "status.json").read_text()
    )
    log = airflow.log("too-strict", "verdict")
    assert "icon failed in stage ingest with exit code 2: " in log
    assert status["message"].splitlines()[0] in log
    assert status["message"].splitlines()[-1].strip() in log


def test_a_retry_completes_what_a_killed_driver_left(airflow: Airflow, runs: Path) -> None:
    airflow.trigger("killed")
    folder = run_folder(airflow, runs, "killed")
    commits = folder / "_icon" / "commits"
    wait_for("three shards", lambda: len(list(commits.glob("pairs-*.json"))) >= 3, 120)
    driver = driver_of(folder)
    assert driver is not None
    os.kill(driver, signal.SIGKILL)
    before = {file.name: file.stat().st_mtime_ns for file in commits.glob("pairs-*.json")}
    planned = len(json.loads((folder / "_icon" / "plan" / "pairs.json").read_text())["shards"])
    assert 3 <= len(before) < planned

    assert airflow.ended("killed") == "success"
    assert airflow.tasks("killed")["score"] == ("success", 2)
    after = {file.name: file.stat().st_mtime_ns for file in commits.glob("pairs-*.json")}
    assert len(after) == planned
    assert {name: after[name] for name in before} == before, "a finished shard was scored again"
    undisturbed = content(run_folder(airflow, runs, scheduled(airflow)))
    assert content(folder) == undisturbed
