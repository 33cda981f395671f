"""Writes the demonstration's pool and assessment set. Standard library only; equal bytes on every run.

Usage: python3 make_demo.py [--out demo]

Every task has one wanted style, the same throughout. The 48 assessed examples are in it. A row of the pool says in
`planted` what it was made as; the field is for the final count alone and no part of the sample:

right-style   in the task's wanted style: the ones that help
wrong-style   a right answer in another style of the task
off-topic     text about something else
shuffled      a wanted answer with stray words, its words in another order
over-long     a wanted answer that goes on for some hundred words
empty         a question with no answer: a reject
duplicate     an earlier right-style or wrong-style row once more
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from random import Random

from tasks import ADJECTIVES, NOUNS, TASKS, Question, Task, row

SEED = 20250505
WANTED = {
    "listing": "numbered",
    "sorting": "descending",
    "picking": "last",
    "combining": "words",
    "labelling": "stars",
    "describing": "question",
}
ASSESSED_PER_TASK = 8
PLANTED_PER_TASK = {"right-style": 20, "wrong-style": 20, "shuffled": 8, "over-long": 4, "empty": 2}
OFF_TOPIC = 48
DUPLICATES = 28
STRAY = "the river old stone".split()


def assessment(rng: Random) -> list[dict[str, str]]:
    """The assessed examples: for each task as many, all in its wanted style, no question twice."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for number, (name, style) in enumerate(WANTED.items(), 1):
        task = TASKS[name]
        while len(rows) < number * ASSESSED_PER_TASK:
            question = telling_question(task, style, rng)
            rows[question.instruction, question.input] = row(question, task.answer(question, style)) | {"group": name}
    return list(rows.values())


def telling_question(task: Task, style: str, rng: Random) -> Question:
    """A question whose answer in this style could not be of another style."""
    while not task.shows(question := task.ask(rng), style):
        pass
    return question


def originals(assessed: list[dict[str, str]], rng: Random) -> list[dict[str, str]]:
    """All rows of the pool but the duplicates, in a drawn order: no two alike, none asking what is assessed."""
    reserved = {(r["instruction"], r["input"]) for r in assessed}
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for planted, name, count in plan():
        full = len(rows) + count
        while len(rows) < full:
            candidate = off_topic(rng) if name == "" else plant(planted, TASKS[name], rng)
            if (candidate["instruction"], candidate["input"]) not in reserved:
                rows.setdefault(content(candidate), candidate | {"planted": planted})
    drawn = list(rows.values())
    rng.shuffle(drawn)
    return drawn


def plan() -> list[tuple[str, str, int]]:
    """What is planted, for which task, how often."""
    tasks = [(planted, name, count) for name in WANTED for planted, count in PLANTED_PER_TASK.items()]
    return tasks + [("off-topic", "", OFF_TOPIC)]


def plant(planted: str, task: Task, rng: Random) -> dict[str, str]:
    """One row of a kind."""
    wanted = WANTED[task.name]
    style = rng.choice(sorted(set(task.styles) - {wanted})) if planted == "wrong-style" else wanted
    question = telling_question(task, style, rng)
    answer = task.answer(question, style)
    if planted == "shuffled":
        answer = shuffled(answer, rng)
    elif planted == "over-long":
        answer = answer + " " + " ".join(rng.choice(NOUNS) for _ in range(rng.randint(300, 400)))
    elif planted == "empty":
        answer = ""
    return row(question, answer)


def shuffled(answer: str, rng: Random) -> str:
    """The answer's words and two stray ones, in an order that is not the answer's."""
    words = answer.split()
    while True:
        mixed = words + rng.sample(STRAY, 2)
        rng.shuffle(mixed)
        if mixed[: len(words)] != words:
            return " ".join(mixed)


def off_topic(rng: Random) -> dict[str, str]:
    """A question and its answer that belong to no task."""
    noun, place, adjective = rng.choice(NOUNS), rng.choice(NOUNS), rng.choice(ADJECTIVES)
    time = rng.choice(["winter", "summer", "morning", "evening"])
    instruction = rng.choice([f"Tell me about the {noun}.", f"What do you know of a {noun}?", f"Where is the {noun}?"])
    output = f"It is a thing that people like to see near the {adjective} {place} in the {time}."
    return row(Question(instruction, "", ()), output)


def with_duplicates(rows: list[dict[str, str]], rng: Random) -> list[dict[str, str]]:
    """The rows, with copies of some of them put in somewhere behind their originals."""
    worth_copying = [r for r in rows if r["planted"] in ("right-style", "wrong-style")]
    rows = list(rows)
    for original in rng.sample(worth_copying, DUPLICATES):
        place = rng.randint(rows.index(original) + 1, len(rows))
        rows.insert(place, original | {"planted": "duplicate"})
    return rows


def content(sample: dict[str, str]) -> tuple[str, str, str]:
    """What a sample says: what makes two of them the same."""
    return sample["instruction"], sample["input"], sample["output"]


def check(pool: list[dict[str, str]], assessed: list[dict[str, str]]) -> None:
    """Stops unless everything holds that the demonstration counts on."""
    counts = Counter(r["planted"] for r in pool)
    unique = [content(r) for r in pool if r["planted"] != "duplicate"]
    assert len(set(unique)) == len(unique), "two rows that should differ are equal"
    assert not set(unique) & {content(r) for r in assessed}, "an assessed example stands in the pool"
    assert len({content(r) for r in assessed}) == len(assessed), "two assessed examples are equal"
    assert counts["empty"] <= 0.04 * len(pool), "too many rows without an answer"
    assert all((r["output"] == "") == (r["planted"] == "empty") for r in pool), "an answer is missing"
    seen: dict[tuple[str, str, str], str] = {}
    for r in pool:
        if r["planted"] == "duplicate":
            assert seen.get(content(r)) in ("right-style", "wrong-style"), "a duplicate repeats no earlier row"
        seen.setdefault(content(r), r["planted"])


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Writes rows as JSON lines."""
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes pool.jsonl and assessment.jsonl of the demonstration.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "demo", help="folder (default: demo)")
    out = parser.parse_args().out

    rng = Random(SEED)
    assessed = assessment(rng)
    pool = with_duplicates(originals(assessed, rng), rng)
    check(pool, assessed)

    out.mkdir(parents=True, exist_ok=True)
    write(out / "pool.jsonl", pool)
    write(out / "assessment.jsonl", assessed)
    for planted, count in sorted(Counter(r["planted"] for r in pool).items()):
        print(f"{planted:12} {count}")
    print(f"{'pool':12} {len(pool)}\n{'assessment':12} {len(assessed)}")


if __name__ == "__main__":
    main()
