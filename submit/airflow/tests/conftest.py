"""A real Airflow for the tests: its own home, SQLite and a scheduler process; and a real Spark: a
standalone cluster, submitted to in cluster mode, where spark-submit tells least.

`SPARK_HOME` is a Spark 3.5; `ICON_JAR` the jar to submit, by default the one that Maven built.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

# Airflow makes itself a home when it is imported: not in that of whoever runs the tests.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="icon-airflow-")
atexit.register(shutil.rmtree, os.environ["AIRFLOW_HOME"], ignore_errors=True)

AIRFLOW_FOLDER = Path(__file__).resolve().parents[1]
REPOSITORY = AIRFLOW_FOLDER.parents[1]
TINY = REPOSITORY / "tools" / "tiny-icl"
DAG_FILE = AIRFLOW_FOLDER / "icon_dag.py"
# Processes of a few seconds on two cores: compiling their code thoroughly takes longer.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def wait_for(what: str, found: Callable[[], object], seconds: float) -> object:
    """Asks until the answer is true; returns it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = found()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds:.0f} seconds")


def built_jar() -> Path:
    """The jar under test."""
    if "ICON_JAR" in os.environ:
        return Path(os.environ["ICON_JAR"])
    found = sorted((REPOSITORY / "icon-spark-job" / "target").glob("icon-spark-job-*-all.jar"))
    assert found, "No jar in icon-spark-job/target: run mvn -B -ntp -Dmaven.test.skip=true package"
    return found[-1]


@dataclass
class Airflow:
    """An Airflow home with its scheduler."""

    home: Path
    environment: dict[str, str]
    scheduler: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> str:
        """Runs an airflow command; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"airflow {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def trigger(self, run_id: str, **params: object) -> None:
        """Starts a DAG run with parameters."""
        self.command("dags", "trigger", "icon", "--run-id", run_id, "--conf", json.dumps(params))

    def select(self, query: str, *values: object) -> list[tuple]:
        """Rows of Airflow's own database."""
        with sqlite3.connect(f"file:{self.home / 'airflow.db'}?mode=ro", uri=True) as database:
            return database.execute(query, values).fetchall()

    def ended(self, run_id: str, seconds: float = 400) -> str:
        """Waits for a DAG run; returns its state: success or failed."""
        state = "SELECT state FROM dag_run WHERE run_id = ? AND state IN ('success', 'failed')"
        rows = wait_for(f"the end of {run_id}", lambda: self._alive(state, run_id), seconds)
        return rows[0][0]  # type: ignore[index]

    def _alive(self, query: str, *values: object) -> list[tuple]:
        if self.scheduler is not None and self.scheduler.poll() is not None:
            log = (self.home / "scheduler.log").read_text(encoding="utf-8")
            raise AssertionError(f"The scheduler has ended:\n{log[-4000:]}")
        return self.select(query, *values)

    def tasks(self, run_id: str) -> dict[str, tuple[str, int]]:
        """State and number of tries of each task of a run."""
        query = "SELECT task_id, state, try_number FROM task_instance WHERE run_id = ?"
        return {task: (state, tries) for task, state, tries in self.select(query, run_id)}

    def log(self, run_id: str, task: str, attempt: int = 1) -> str:
        """What a try of a task logged."""
        folder = self.home / "logs" / "dag_id=icon" / f"run_id={run_id}" / f"task_id={task}"
        return (folder / f"attempt={attempt}.log").read_text(encoding="utf-8")


def free_port() -> int:
    """A port that nobody listened at a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process with all that it started."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Cluster:
    """A standalone cluster of processes."""

    place: Path
    port: int
    rest_port: int
    processes: list[subprocess.Popen[bytes]]

    def start(self, daemon: str, *arguments: str) -> None:
        """Starts the master or a worker."""
        spark = Path(os.environ["SPARK_HOME"])
        rest = f"-Dspark.master.rest.enabled=true -Dspark.master.rest.port={self.rest_port}"
        with open(self.place / f"{daemon}.log", "wb") as log:
            started = subprocess.Popen(
                [spark / "bin" / "spark-class", f"org.apache.spark.deploy.{daemon}", *arguments],
                env={
                    **os.environ,
                    "SPARK_LOCAL_IP": "127.0.0.1",
                    "JAVA_TOOL_OPTIONS": JAVA_OPTIONS,
                    "SPARK_DAEMON_MEMORY": "256m",
                    "SPARK_MASTER_OPTS": rest,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(started)

    def log(self, daemon: str) -> str:
        """What a daemon has printed."""
        return (self.place / f"{daemon}.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master and a worker that has registered with it."""
    started = Cluster(tmp_path_factory.mktemp("cluster"), free_port(), free_port(), [])
    host = ("--host", "127.0.0.1", "--webui-port", "0")
    try:
        started.start("master.Master", *host, "--port", str(started.port))
        room = ("--cores", "3", "--memory", "4g", "--work-dir", str(started.place / "work"))
        master = f"spark://127.0.0.1:{started.port}"
        wait_for("the master", lambda: "Starting Spark master" in started.log("master.Master"), 60)
        started.start("worker.Worker", *host, *room, master)
        wait_for("the worker", lambda: "registered with" in started.log("worker.Worker"), 60)
        yield started
    finally:
        for process in reversed(started.processes):
            end(process)


def _environment(home: Path, runs: Path, cluster: Cluster) -> dict[str, str]:
    spark = Path(os.environ["SPARK_HOME"])
    nightly = {
        "jar": str(built_jar()),
        "base": str(runs),
        "pool": str(TINY / "demo" / "pool.jsonl"),
        "assessment": str(TINY / "demo" / "assessment.jsonl"),
        "model": str(TINY / "model"),
        "options": {"candidates": 40, "shard-tokens": 2500},
        "conf": {
            "spark.driver.memory": "1g",
            "spark.executor.memory": "1g",
            "spark.cores.max": "2",
            "spark.sql.shuffle.partitions": "4",
        },
    }
    connection = {
        "conn_type": "spark",
        "host": f"spark://127.0.0.1:{cluster.port}",
        "extra": {
            "deploy-mode": "cluster",
            "spark-binary": "spark-submit",
            "rest-port": cluster.rest_port,
        },
    }
    return {
        **os.environ,
        # Airflow's executor starts `airflow`, its operator `spark-submit`.
        "PATH": f"{spark / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "JAVA_TOOL_OPTIONS": JAVA_OPTIONS,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps(connection),
        "AIRFLOW_VAR_ICON": json.dumps(nightly),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "2",
        "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
        "AIRFLOW__SCHEDULER__MIN_FILE_PROCESS_INTERVAL": "600",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run folders come to lie."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def airflow(
    tmp_path_factory: pytest.TempPathFactory, runs: Path, cluster: Cluster
) -> Iterator[Airflow]:
    """Airflow with the DAG unpaused, so that its scheduled run begins at once."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "dags").mkdir()
    shutil.copy(DAG_FILE, home / "dags")
    started = Airflow(home, _environment(home, runs, cluster))
    started.command("db", "migrate")
    with open(home / "scheduler.log", "wb") as log:
        scheduler = subprocess.Popen(
            [sys.executable, "-m", "airflow", "scheduler", "--skip-serve-logs"],
            env=started.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started.scheduler = scheduler
    try:
        wait_for("the DAG", lambda: started.select("SELECT 1 FROM dag WHERE dag_id = 'icon'"), 60)
        started.command("dags", "unpause", "icon")
        yield started
    finally:
        end(scheduler)
