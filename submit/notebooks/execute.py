"""Executes the notebooks in their order, each in a fresh kernel, and fails if a cell does.

    execute.py          executes, and checks that the committed notebooks have the cells of their sources
    execute.py --write  executes, and writes the notebooks with their outputs
    execute.py 02 03    only those; they read what the first one left

A notebook's source is the .py file of its name: cells begin with "# %%", those with text with
"# %% [markdown]". The kernel is the Python that runs this script; submit/python/requirements-test.txt
says what it needs. The folder of the run that the notebooks share, runs/notebooks, is removed before the first.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1]
CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?\n", re.MULTILINE)
SECONDS_A_CELL = 600


def built(source: Path) -> NotebookNode:
    """The notebook of a source, without outputs; equal sources give equal bytes."""
    text = source.read_text(encoding="utf-8")
    marks = list(CELL.finditer(text))
    cells = []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        body = text[mark.end() : end].strip()
        if mark["markdown"]:
            lines = [line.removeprefix("#").removeprefix(" ") for line in body.splitlines()]
            cell = new_markdown_cell("\n".join(lines))
        else:
            cell = new_code_cell(body)
        cell["id"] = f"cell-{index + 1:02d}"
        cells.append(cell)
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def executed(notebook: NotebookNode) -> NotebookNode:
    """The notebook with the outputs of a fresh kernel, the noise of Spark's log left out."""
    client = NotebookClient(
        notebook, timeout=SECONDS_A_CELL, kernel_name="python3", record_timing=False
    )
    client.execute(cwd=str(HERE))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if one.get("name") != "stderr"]
    return notebook


def without_outputs(notebook: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def refused(name: str, message: str) -> None:
    print(f"{name}: {message}", file=sys.stderr)
    sys.exit(1)


def checked(name: str, notebook: NotebookNode) -> None:
    """A committed notebook tells nothing of the machine that it was executed on."""
    text = nbformat.writes(notebook)
    for place in {str(HOME), str(Path.home()), str(Path(sys.prefix))} - {"/"}:
        if place in text:
            refused(name, f"Cannot keep its outputs: they name the folder {place}.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Executes the notebooks.")
    parser.add_argument("--write", action="store_true", help="write them with their outputs")
    parser.add_argument("only", nargs="*", help="first characters of names, such as 02")
    arguments = parser.parse_args()
    write = arguments.write
    only = tuple(arguments.only) or ("",)
    # The package of this checkout, installed or not.
    paths = [str(HERE.parent / "python" / "src"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    sources = [one for one in sorted(HERE.glob("[0-9]*.py")) if one.name.startswith(only)]
    if not sources:
        refused(" ".join(only), "Cannot execute it: there is no notebook of that name.")
    if sources[0].name.startswith("01"):
        shutil.rmtree(HOME / "runs" / "notebooks", ignore_errors=True)
    for source in sources:
        target = source.with_suffix(".ipynb")
        notebook = built(source)
        if not write:
            committed = nbformat.read(target, as_version=4)
            if without_outputs(committed) != without_outputs(notebook):
                refused(target.name, f"Its cells are not those of {source.name}; run with --write.")
        begun = time.monotonic()
        try:
            executed(notebook)
        except CellExecutionError as failed:
            refused(target.name, str(failed))
        checked(target.name, notebook)
        if write:
            nbformat.validate(notebook)
            nbformat.write(notebook, target)
        print(f"{target.name}: {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
