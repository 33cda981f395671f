"""The six generated tasks that the demonstration model knows. Standard library only.

A task asks a question that can be answered in several *styles*, and the question never says which one is wanted. Only
an example of the same task can show it. So an example in the wanted style makes the wanted answer likelier and an
example in another style makes it less likely: what an in-context contribution measures, with the truth known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

NOUNS = (
    "river stone lamp window garden city paper cloud table bridge candle forest horse island jacket kitchen ladder "
    "market needle orange pencil rabbit school train village winter basket button camera desert engine feather"
).split()
ADJECTIVES = "red blue green small large quick quiet bright old new soft heavy".split()
PRAISE = "lovely great pleasant charming wonderful".split()
BLAME = "awful boring broken noisy terrible".split()
NUMBER_WORDS = "zero one two three four five six".split()


@dataclass(frozen=True)
class Question:
    """What is asked, and the facts that every style of answer is made from."""

    instruction: str
    input: str
    facts: tuple


@dataclass(frozen=True)
class Task:
    """A way to draw questions, and the styles in which each of them can be answered."""

    name: str
    ask: Callable[[Random], Question]
    styles: dict[str, Callable[..., str]]

    def answer(self, question: Question, style: str) -> str:
        """The answer to a question in one style."""
        return self.styles[style](*question.facts)

    def shows(self, question: Question, style: str) -> bool:
        """Whether the answer gives its style away: no other style would have answered the same."""
        answer = self.answer(question, style)
        return all(self.answer(question, other) != answer for other in self.styles if other != style)


def row(question: Question, output: str) -> dict[str, str]:
    """A question and its answer as a sample in Alpaca's shape."""
    return {"instruction": question.instruction, "input": question.input, "output": output}


def prompt(sample: dict[str, str]) -> str:
    """A sample's prompt in the `rico` template; the output follows with nothing between."""
    about = f"\n\n### Input: {sample['input']}" if sample["input"] else ""
    return f"### Instruction:\n{sample['instruction']}{about}\n\n### Response:"


SEPARATOR = "\n\n\n"


def _nouns(rng: Random, fewest: int, most: int) -> list[str]:
    return rng.sample(NOUNS, rng.randint(fewest, most))


def _ask_listing(rng: Random) -> Question:
    nouns = _nouns(rng, 2, 4)
    return Question(f"Write these words as a list: {' '.join(nouns)}", "", (nouns,))


def _ask_sorting(rng: Random) -> Question:
    nouns = _nouns(rng, 3, 4)
    return Question("Put the words in order.", " ".join(nouns), (nouns,))


def _ask_picking(rng: Random) -> Question:
    nouns = _nouns(rng, 3, 4)
    return Question("Choose one word.", " ".join(nouns), (nouns,))


def _ask_combining(rng: Random) -> Question:
    a, b = rng.randint(1, 6), rng.randint(1, 6)
    return Question(f"Combine {a} and {b}.", "", (a, b))


def _ask_labelling(rng: Random) -> Question:
    praised = rng.random() < 0.5
    review = f"The {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} was {rng.choice(PRAISE if praised else BLAME)}."
    return Question("Label the review.", review, (praised,))


def _ask_describing(rng: Random) -> Question:
    adjective, noun = rng.choice(ADJECTIVES), rng.choice(NOUNS)
    return Question(f"Describe the {noun} with the word {adjective}.", "", (adjective, noun))


TASKS = {
    task.name: task
    for task in (
        Task("listing", _ask_listing, {
            "commas": lambda nouns: ", ".join(nouns),
            "dashes": lambda nouns: "-".join(nouns),
            "numbered": lambda nouns: " ".join(f"{place}. {noun}" for place, noun in enumerate(nouns, 1)),
            "upper": lambda nouns: " ".join(nouns).upper(),
        }),
        Task("sorting", _ask_sorting, {
            "ascending": lambda nouns: " ".join(sorted(nouns)),
            "backwards": lambda nouns: " ".join(reversed(nouns)),
            "descending": lambda nouns: " ".join(sorted(nouns, reverse=True)),
        }),
        Task("picking", _ask_picking, {
            "first": lambda nouns: nouns[0],
            "last": lambda nouns: nouns[-1],
            "second": lambda nouns: nouns[1],
        }),
        Task("combining", _ask_combining, {
            "larger": lambda a, b: str(max(a, b)),
            "smaller": lambda a, b: str(min(a, b)),
            "sum": lambda a, b: str(a + b),
            "words": lambda a, b: f"{NUMBER_WORDS[a]} and {NUMBER_WORDS[b]}",
        }),
        Task("labelling", _ask_labelling, {
            "polarity": lambda praised: "positive" if praised else "negative",
            "stars": lambda praised: "5 stars" if praised else "1 star",
            "verdict": lambda praised: "yes" if praised else "no",
        }),
        Task("describing", _ask_describing, {
            "question": lambda adjective, noun: f"Is the {noun} {adjective}?",
            "sentence": lambda adjective, noun: f"This {noun} is {adjective}.",
            "short": lambda adjective, noun: f"{adjective} {noun}",
            "shout": lambda adjective, noun: f"{adjective} {noun}!".upper(),
        }),
    )
}
