"""What can be checked of the Kubernetes files without a cluster.

The operator's own models know every field and type of its schema, and drop what they do not know:
what comes back unequal was misspelt or has the wrong type.
"""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubeflow_spark_api import models
from pydantic import ValidationError

FOLDER = Path(__file__).resolve().parents[1]
REPOSITORY = FOLDER.parents[1]
FILES = sorted(FOLDER.glob("spark-application*.yaml"))


def loaded(file: Path) -> dict[str, Any]:
    """The one resource of a file."""
    resource = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(resource, dict)
    return resource


def as_read(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource as the operator reads it."""
    read = models.SparkV1beta2SparkApplication.from_dict(copy.deepcopy(resource))
    assert read is not None
    return read.to_dict()


def test_there_is_a_cpu_and_a_gpu_variant() -> None:
    assert [file.name for file in FILES] == ["spark-application-gpu.yaml", "spark-application.yaml"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_operator_reads_every_field(file: Path) -> None:
    resource = loaded(file)
    assert (resource["apiVersion"], resource["kind"]) == (
        "sparkoperator.k8s.io/v1beta2",
        "SparkApplication",
    )
    assert as_read(resource) == resource


def test_a_misspelt_field_would_be_seen() -> None:
    resource = loaded(FILES[-1])
    resource["spec"]["executor"]["memoryOverHead"] = "9g"
    assert as_read(resource) != resource


def test_a_number_as_text_would_be_refused() -> None:
    resource = loaded(FILES[-1])
    resource["spec"]["executor"]["instances"] = "4"
    with pytest.raises(ValidationError, match="instances"):
        as_read(resource)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_icon_knows_every_argument(file: Path) -> None:
    command, *options = loaded(file)["spec"]["arguments"]
    assert command == "run"
    documented = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")
    for option in options:
        name = option.split("=")[0]
        assert f"`{name} <" in documented, f"{name} is not in docs/configuration.md"


def test_what_the_resources_name_is_in_the_image() -> None:
    dockerfile = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY .*?(\S+) (\S+)$", dockerfile, re.MULTILINE)
    targets = {target for _, target in copied}
    assert all(
        loaded(file)["spec"]["mainApplicationFile"].removeprefix("local://") in targets
        for file in FILES
    )
    for file in FILES:
        for path in re.findall(r"/opt/icon/(conf/[\w.-]+)", file.read_text(encoding="utf-8")):
            assert (REPOSITORY / path).is_file(), f"{file.name} names {path}"


def test_the_image_holds_the_jar_and_the_spark_of_this_version() -> None:
    pom = (REPOSITORY / "pom.xml").read_text(encoding="utf-8")
    version = re.search(r"<version>(.+?)</version>", pom)
    spark = re.search(r"<version.spark>(.+?)</version.spark>", pom)
    assert version is not None and spark is not None
    dockerfile = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    assert f"icon-spark-job-{version[1]}-all.jar" in dockerfile
    assert f"FROM apache/spark:{spark[1]}-java17" in dockerfile
    assert all(loaded(file)["spec"]["sparkVersion"] == spark[1] for file in FILES)


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    done = subprocess.run(
        [linter, FOLDER / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
