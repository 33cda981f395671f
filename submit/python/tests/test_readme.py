"""The README's example as a user runs it: another process, another folder, no checkout around it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import icon_spark
from conftest import REPOSITORY


def test_the_example_of_the_readme_runs_outside_of_the_checkout(tmp_path: Path) -> None:
    readme = (REPOSITORY / "submit" / "python" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"^```python\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert example is not None
    (tmp_path / "tools").symlink_to(REPOSITORY / "tools")
    packages = tmp_path / "packages"
    shutil.copytree(REPOSITORY / "submit" / "python" / "src", packages)
    environment = os.environ | {
        "PYTHONPATH": str(packages),
        "ICON_JAR": str(icon_spark.jar_path()),
    }
    done = subprocess.run(
        [sys.executable, "-c", example[1]],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Two tables of contributions, the best first and under other weights.
    assert done.stdout.count("standard_error") == 2
    assert (tmp_path / "runs" / "python" / "pairs").is_dir()
