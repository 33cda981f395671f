"""Finds icon's jar and says how a session is started with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from icon_spark.errors import IconError

_BUILT = "icon-spark-job/target"
_ALL = "icon-spark-job-*-all.jar"


def jar_path(jar: str | os.PathLike[str] | None = None) -> Path:
    """The jar with everything that icon needs beside Spark.

    The first that there is of: the one given, the one that the environment variable ``ICON_JAR``
    names, one packed into this package (``icon_spark/jars``), and the one that ``mvn package`` left
    in a checkout which holds this package or the current folder.

    Raises:
        IconError: if there is none, or the one named is not there.
    """
    named = jar if jar is not None else os.environ.get("ICON_JAR")
    if named is not None:
        path = Path(named)
        if not path.is_file():
            origin = "the caller" if jar is not None else "ICON_JAR"
            raise IconError(
                f"Cannot find icon's jar: there is no file {path}, which {origin} names.",
                "Name icon-spark-job-VERSION-all.jar, as mvn package makes it.",
            )
        return path.resolve()
    for path in _places():
        return path.resolve()
    raise IconError(
        "Cannot find icon's jar: neither ICON_JAR nor this package nor a checkout has one.",
        "Set ICON_JAR to icon-spark-job-VERSION-all.jar; mvn package makes it in a checkout.",
    )


def session_config(jar: str | os.PathLike[str] | None = None) -> dict[str, str]:
    """The Spark settings that a new session needs for icon.

    A session that is started already cannot take them: give its platform the jar instead.

    Args:
        jar: as for :func:`jar_path`.

    Raises:
        IconError: as :func:`jar_path`.
    """
    offline = "-Dai.djl.offline=true"
    return {
        "spark.jars": str(jar_path(jar)),
        "spark.driver.extraJavaOptions": offline,
        "spark.executor.extraJavaOptions": offline,
        "spark.executorEnv.OPT_OUT_TRACKING": "true",
    }


def java_class(name: str) -> Any:
    """A class of icon's in the running session.

    Raises:
        IconError: if no session runs, or it has not got icon's jar.
    """
    from py4j.java_gateway import JavaClass
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is None or context._jvm is None:
        raise IconError(
            "Cannot use icon: no Spark session is running.",
            "Start one with the settings of icon_spark.session_config().",
        )
    found: Any = context._jvm
    for part in ("ai.icon.spark.ml." + name).split("."):
        found = getattr(found, part)
    if not isinstance(found, JavaClass):
        raise IconError(
            "Cannot use icon: this Spark session was started without its jar.",
            "Stop it and start one with the settings of icon_spark.session_config(), or give the"
            " cluster the jar of icon_spark.jar_path().",
        )
    return found


def _places() -> Iterator[Path]:
    here = Path(__file__).resolve()
    yield from sorted((here.parent / "jars").glob("*.jar"))
    for start in (here.parent, Path.cwd()):
        for folder in (start, *start.parents):
            yield from sorted((folder / _BUILT).glob(_ALL))
