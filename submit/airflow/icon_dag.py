"""Chooses instruction data with icon, once a day.

    settings ──> score ──> verdict

`settings` fixes what is run, so that a retry runs the same. `score` submits icon to Spark; its run
folder is named by the logical date, so a retry takes up what a killed try has left. `verdict` asks
the run's own status, because spark-submit can end with 0 although the driver failed, and hands on
where the selection lies.

A setting comes from the parameters of the DAG run, else from the Airflow Variable `icon` (JSON with
the same names), else from the parameters' defaults. Settings of icon that are not given keep icon's
own defaults. Where Spark is stands in the connection `spark_default`.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow.decorators import dag, task
from airflow.exceptions import AirflowException, AirflowFailException
from airflow.models import Variable
from airflow.models.param import Param
from airflow.operators.python import get_current_context
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.utils.trigger_rule import TriggerRule

if TYPE_CHECKING:
    from airflow.utils.context import Context

MAIN_CLASS = "ai.icon.spark.cli.IconJob"

# The everyday options of `icon run`; every other one goes into `options`.
OPTIONS = ("pool", "assessment", "model", "budget")
NEEDED = ("jar", "base", "pool", "model")
# What Spark 3.5 needs opened on Java 17. spark-submit does it itself, but not for a driver that a
# standalone cluster starts.
OPENED = """
    java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util
    java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs
    sun.security.action sun.util.calendar
""".split()
OPENS = " ".join(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED)
# How the place of a run folder is reached: who asks for its status needs the same.
REACHING = (
    "spark.hadoop.",
    "spark.jars",
    "spark.driver.extraClassPath",
    "spark.driver.extraLibraryPath",
)
# The engine must neither fetch natives nor report home.
ENGINE = "-Dai.djl.offline=true -DOPT_OUT_TRACKING=true"
SPARK_CONF = {
    "spark.driver.memory": "4g",
    "spark.driver.extraJavaOptions": f"{ENGINE} {OPENS}",
    "spark.executor.extraJavaOptions": ENGINE,
}
DEFAULTS: dict[str, Any] = {"jar": "/opt/icon/icon-spark-job-all.jar", "base": "/opt/icon/runs"}


def _text(description: str) -> Param:
    return Param(None, type=["null", "string"], description=description)


PARAMS = {
    "jar": _text(f"icon's jar with all it needs. Default: {DEFAULTS['jar']}"),
    "base": _text(f"Folder of the run folders, path or URI. Default: {DEFAULTS['base']}"),
    "pool": _text("File or folder of the samples that may be selected."),
    "assessment": _text("File of the examples of the wanted tasks."),
    "model": _text("Folder of the checkpoint."),
    "budget": _text("How much is selected: 15%, 5000 or 2000000tokens."),
    "options": Param({}, type="object", description='More of icon\'s options, as {"seed": 7}.'),
    "conf": Param({}, type="object", description="Spark settings, over those of this file."),
}


def merged(params: Mapping[str, Any], variable: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of one run: parameters over the Variable over defaults; objects key by key."""
    unknown = sorted(set(variable) - set(PARAMS))
    if unknown:
        raise AirflowFailException(
            f"Invalid Variable icon: it may hold {', '.join(PARAMS)}, got {', '.join(unknown)}. "
            "Put other options of icon under options."
        )
    given = {key: value for key, value in params.items() if value is not None}
    settings = {**DEFAULTS, **variable, **given}
    settings["options"] = {**variable.get("options", {}), **given.get("options", {})}
    settings["conf"] = {**SPARK_CONF, **variable.get("conf", {}), **given.get("conf", {})}
    missing = [key for key in NEEDED if not settings.get(key)]
    if missing:
        raise AirflowFailException(
            f"Cannot run icon: {', '.join(missing)} not given. Set it in the Variable icon, "
            'such as {"pool": "/data/samples.jsonl"}, or as a parameter of the DAG run.'
        )
    return settings


def arguments(settings: Mapping[str, Any], out: str) -> list[str]:
    """The command line of `icon run` for some settings and a run folder."""
    everyday = {key: settings[key] for key in OPTIONS if settings.get(key)}
    options = {**settings["options"], **everyday}
    return ["run", *(f"--{key}={value}" for key, value in options.items()), f"--out={out}"]


def attempt_of(score: Any, logical_date: str) -> str:
    """The id under which icon notes how one try of the task `score` ended."""
    return f"{logical_date}-{score.try_number}"


class Outcome(NamedTuple):
    """How a try ended, by the run's own word."""

    state: str  # succeeded, failed, dead (killed), unknown (it never began), running
    stage: str = ""
    exit_code: int = 0
    message: str = ""

    def fault(self) -> str | None:
        """Why the run is not to be used; None if it is whole."""
        stage = f"in stage {self.stage}" if self.stage else "before its first stage"
        if self.state == "succeeded":
            return None
        if self.state == "failed":
            return f"icon failed {stage} with exit code {self.exit_code}: {self.message}"
        if self.state == "dead":
            return f"icon was killed {stage}. Clear the task `score`: it goes on where it stopped."
        return "icon never came as far as its run folder: the log of the task `score` says why."

    @property
    def is_settled(self) -> bool:
        """Whether another try would end the same: usage or an input is wrong."""
        return self.state == "failed" and self.exit_code in (1, 2)


def outcome(folder: str, jar: str, attempt: str, conf: Mapping[str, Any]) -> Outcome:
    """How a try ended; waits if its driver is still at work although its submission is over."""
    told = _read(folder, attempt) or _asked(folder, jar, attempt, conf)
    return _asked(folder, jar, attempt, conf, "--wait") if told.state == "running" else told


def _read(folder: str, attempt: str) -> Outcome | None:
    """From a disk that is mounted here; None if nothing final is to be read there."""
    if "://" in folder.removeprefix("file://"):
        return None
    own = Path(folder.removeprefix("file://").removeprefix("file:")) / "_icon"
    for file in (own / "attempts" / f"{attempt}.json", own / "status.json"):
        if not file.exists():
            continue
        status = json.loads(file.read_text(encoding="utf-8"))
        # A file that says running tells nothing: only icon can tell whether the driver lives.
        if status["attempt"] == attempt and status["state"] != "running":
            return Outcome(status["state"], status["stage"], status["exitCode"], status["message"])
    return None


def reaching(conf: Mapping[str, Any]) -> list[str]:
    """The words for spark-submit that reach the run folder: settings of Hadoop, and more jars."""
    settings = {key: value for key, value in conf.items() if key.startswith(REACHING)}
    return [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]


def _asked(folder: str, jar: str, attempt: str, conf: Mapping[str, Any], *options: str) -> Outcome:
    """By icon's own command, for whatever Hadoop can read; starts a JVM here, no Spark."""
    command = ["spark-submit", "--master", "local[1]", "--deploy-mode", "client"]
    command += [*reaching(conf), "--class", MAIN_CLASS, jar, "status", "--json", *options]
    command += [f"--out={folder}", f"--attempt={attempt}"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise AirflowException(f"Cannot ask for the status of {folder}:\n{asked.stderr}")
    status = json.loads(asked.stdout.strip().splitlines()[-1])
    return Outcome(status["verdict"], status["stage"], status["exitCode"], status["message"])


class IconSubmitOperator(SparkSubmitOperator):
    """Submits icon, and where the submission fails lets the run's own word decide what it means."""

    def execute(self, context: Context) -> None:
        """Submits under the id of this try; gives up at once where a retry would end the same."""
        attempt = attempt_of(context["ti"], context["ts_nodash"])
        self.conf = {**(self.conf or {}), "spark.icon.attempt": attempt}
        try:
            super().execute(context)
        except (AirflowException, RuntimeError) as failure:  # The provider throws either.
            out = context["ti"].xcom_pull(task_ids="settings", key="out")
            ended = outcome(out, self.application, attempt, self.conf)
            if ended.is_settled:
                raise AirflowFailException(ended.fault()) from failure
            if ended.state != "succeeded":
                raise
            self.log.warning("The submission failed, the run did not: %s", failure)


@dag(
    dag_id="icon",
    description="Chooses instruction data by its in-context contribution",
    doc_md=__doc__,
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    params=PARAMS,
    tags=["icon", "spark"],
)
def icon() -> None:
    """Builds the DAG: reads neither files nor the database, and needs no Spark."""

    @task(multiple_outputs=True)
    def settings() -> dict[str, Any]:
        context = get_current_context()
        chosen = merged(context["params"], Variable.get("icon", {}, deserialize_json=True))
        out = f"{str(chosen['base']).rstrip('/')}/{context['ts_nodash']}"
        return {
            "out": out,
            "jar": chosen["jar"],
            "conf": chosen["conf"],
            "arguments": arguments(chosen, out),
        }

    plan = settings()
    score = IconSubmitOperator(
        task_id="score",
        name="icon {{ ts_nodash }}",
        java_class=MAIN_CLASS,
        application=plan["jar"],
        application_args=plan["arguments"],
        conf=plan["conf"],
        retries=2,
    )

    # Asked whether the submission failed or not: the run's own word decides.
    @task(trigger_rule=TriggerRule.ALL_DONE)
    def verdict() -> str:
        context = get_current_context()
        out = context["ti"].xcom_pull(task_ids="settings", key="out")
        jar = context["ti"].xcom_pull(task_ids="settings", key="jar")
        conf = context["ti"].xcom_pull(task_ids="settings", key="conf")
        if out is None:
            raise AirflowFailException("Not begun: the log of the task `settings` says why.")
        score_task = context["dag_run"].get_task_instance("score")
        attempt = attempt_of(score_task, context["ts_nodash"])
        why = outcome(out, jar, attempt, conf).fault()
        if why is not None:
            raise AirflowFailException(f"{why}\n  The run folder is {out}")
        print(f"icon succeeded: {out}/selection")
        return f"{out}/selection"

    score >> verdict()


icon()
