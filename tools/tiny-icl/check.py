"""Scores the demonstration's pool on the tiny model, independently of the project's own code (numpy, tokenizers, safetensors).

Usage: python3 check.py [--model model] [--demo demo]

Prints the mean contribution of every kind of planted row for the three measures, how well the measure tells the kinds
apart (AUC), and how many of the best, the longest and all candidates were planted as helpful. Everything is float32.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from tasks import SEPARATOR, prompt

BOS = 0
DRAWS = 3
GROWTH = 1.25
BUDGET = 0.15


class Llama:
    """A forward pass in numpy. Keys and values of a prefix are kept and met by every continuation."""

    def __init__(self, folder: Path):
        config = json.loads((folder / "config.json").read_text())
        self.weights = {name: w.astype(np.float32) for name, w in load_file(folder / "model.safetensors").items()}
        self.layers, self.size = config["num_hidden_layers"], config["head_dim"]
        self.heads, self.groups = config["num_attention_heads"], config["num_key_value_heads"]
        self.epsilon = config["rms_norm_eps"]
        self.frequencies = config["rope_parameters"]["rope_theta"] ** (-np.arange(0, self.size, 2) / self.size)

    def forward(self, ids: np.ndarray, prefix: list | None) -> tuple[np.ndarray, list]:
        """Logits [batch, tokens, vocabulary], and for every layer the keys and values [batch, groups, tokens, size]."""
        start = prefix[0][0].shape[2] if prefix else 0
        angle = np.outer(start + np.arange(ids.shape[1]), self.frequencies)  # [tokens, size/2]
        turn = np.cos(np.tile(angle, 2)).astype(np.float32), np.sin(np.tile(angle, 2)).astype(np.float32)
        x, cache = self.weights["model.embed_tokens.weight"][ids], []
        for layer in range(self.layers):
            name = f"model.layers.{layer}."
            x = x + self.attention(name, self.norm(x, name + "input_layernorm"), turn, prefix and prefix[layer], cache)
            h = self.norm(x, name + "post_attention_layernorm")
            gate = self.linear(h, name + "mlp.gate_proj")
            x = x + self.linear(gate / (1 + np.exp(-gate)) * self.linear(h, name + "mlp.up_proj"), name + "mlp.down_proj")
        return self.norm(x, "model.norm") @ self.weights["model.embed_tokens.weight"].T, cache

    def attention(self, name: str, x: np.ndarray, turn: tuple, past: tuple | None, cache: list) -> np.ndarray:
        query = rotate(self.split(self.linear(x, name + "self_attn.q_proj"), self.heads), turn)
        key = rotate(self.split(self.linear(x, name + "self_attn.k_proj"), self.groups), turn)
        value = self.split(self.linear(x, name + "self_attn.v_proj"), self.groups)
        if past:
            key = np.concatenate([np.broadcast_to(past[0], (len(x), *past[0].shape[1:])), key], 2)
            value = np.concatenate([np.broadcast_to(past[1], (len(x), *past[1].shape[1:])), value], 2)
        cache.append((key, value))
        each = self.heads // self.groups
        score = query @ np.repeat(key, each, 1).swapaxes(2, 3) / np.sqrt(np.float32(self.size))
        tokens, seen = score.shape[2:]
        score = np.where(np.tril(np.ones((tokens, seen), bool), seen - tokens), score, np.float32(-1e30))
        share = np.exp(score - score.max(-1, keepdims=True))
        mixed = share / share.sum(-1, keepdims=True) @ np.repeat(value, each, 1)
        return self.linear(mixed.swapaxes(1, 2).reshape(*x.shape[:2], -1), name + "self_attn.o_proj")

    def linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.weights[name + ".weight"].T

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon) * self.weights[name + ".weight"]

    def split(self, x: np.ndarray, heads: int) -> np.ndarray:
        return x.reshape(*x.shape[:2], heads, self.size).swapaxes(1, 2)


def rotate(x: np.ndarray, turn: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Rotary positions in the half-and-half layout; x is [batch, heads, tokens, size]."""
    first, second = np.split(x, 2, -1)
    return x * turn[0] + np.concatenate([-second, first], -1) * turn[1]


class Losses:
    """The mean loss of every assessed response behind any prefix, nats per token."""

    def __init__(self, model: Llama, tokenizer: Tokenizer, assessed: list[dict[str, str]]):
        self.model, self.separator = model, encode(tokenizer, SEPARATOR)
        parts = [(encode(tokenizer, prompt(a)), encode(tokenizer, a["output"])) for a in assessed]
        self.starts = [len(question) for question, _ in parts]
        self.ends = [len(question) + len(answer) for question, answer in parts]
        self.rows = np.zeros((len(parts), max(self.ends)), int)  # what follows a response is never looked at
        for row, (question, answer) in zip(self.rows, parts):
            row[: len(question) + len(answer)] = question + answer

    def behind(self, demonstration: list[int]) -> np.ndarray:
        """Losses [assessed] with a demonstration's ids in front; an empty list gives the baseline."""
        front = [BOS] + demonstration + (self.separator if demonstration else [])
        _, cache = self.model.forward(np.array([front]), None)
        logits, _ = self.model.forward(self.rows, cache)
        logits = logits - logits.max(-1, keepdims=True)
        nll = np.log(np.exp(logits).sum(-1))[:, :-1] - np.take_along_axis(logits[:, :-1], self.rows[:, 1:, None], 2)[..., 0]
        return np.array([n[s - 1 : e - 1].mean() for n, s, e in zip(nll, self.starts, self.ends)], float)


def encode(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False).ids


class Control:
    """Losses behind meaningless tokens: measured at growing lengths, interpolated in the logarithm of the length."""

    def __init__(self, losses: Losses, tokenizer: Tokenizer, shortest: int, longest: int):
        rng = np.random.default_rng(7)
        printable = [i for i in range(tokenizer.get_vocab_size()) if plain(tokenizer.decode([i], skip_special_tokens=True))]
        self.lengths = [shortest]
        while self.lengths[-1] < longest:
            self.lengths.append(int(np.ceil(self.lengths[-1] * GROWTH)))
        self.losses = np.array([
            np.mean([losses.behind(list(rng.choice(printable, length))) for _ in range(DRAWS)], 0) for length in self.lengths
        ])  # [lengths, assessed]

    def at(self, length: int) -> np.ndarray:
        return np.array([np.interp(np.log(length), np.log(self.lengths), column) for column in self.losses.T])


def plain(text: str) -> bool:
    return text != "" and text.isascii() and text.isprintable()


def contributions(control: np.ndarray, conditioned: np.ndarray, baseline: np.ndarray) -> dict[str, float]:
    """The three measures of docs/method.md, each the mean over the assessed examples."""
    return {
        "rico": float(np.mean((np.exp(control) - np.exp(conditioned)) / (np.exp(baseline) + 1e-6))),
        "icon": float(np.mean((np.exp(baseline) - np.exp(conditioned)) / (np.exp(baseline) + 1e-6))),
        "log": float(np.mean(control - conditioned)),
    }


def auc(above: list[float], below: list[float]) -> float:
    """Probability that one of the first is larger than one of the second; a tie counts half."""
    a, b = np.array(above)[:, None], np.array(below)[None]
    return float(((a > b) + 0.5 * (a == b)).mean())


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def report(scored: list[tuple[str, int, dict[str, float]]]) -> Iterator[str]:
    """The figures, from (planted, tokens, contributions) of every candidate."""
    kinds = sorted({planted for planted, _, _ in scored})
    budget = int(BUDGET * len(scored))
    helpful = lambda chosen: sum(planted == "right-style" for planted, _, _ in chosen)  # noqa: E731
    for measure in ("rico", "icon", "log"):
        by = {kind: [c[measure] for planted, _, c in scored if planted == kind] for kind in kinds}
        yield f"{measure}: mean " + ", ".join(f"{kind} {np.mean(values):+.4f}" for kind, values in by.items())
        others = [kind for kind in kinds if kind != "right-style"]
        yield "  AUC of right-style against " + ", ".join(f"{k} {auc(by['right-style'], by[k]):.3f}" for k in others)
        best = sorted(scored, key=lambda s: -s[2][measure])[:budget]
        yield f"  helpful among the best {budget}: {helpful(best)}"
    longest = sorted(scored, key=lambda s: -s[1])[:budget]
    yield f"helpful among the longest {budget}: {helpful(longest)}; a random {budget} has {budget * helpful(scored) / len(scored):.1f}"
    lengths, values = [s[1] for s in scored], [s[2]["rico"] for s in scored]
    yield f"rank correlation of rico and length: {np.corrcoef(ranks(lengths), ranks(values))[0, 1]:+.3f}"


def ranks(values: list[float]) -> np.ndarray:
    """Ranks from 0, ties sharing their mean."""
    array = np.array(values)
    return np.array([((array < v).sum() + ((array <= v).sum() - 1)) / 2 for v in array])


def main() -> None:
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description="Scores the demonstration's pool with a reference in numpy.")
    parser.add_argument("--model", type=Path, default=here / "model")
    parser.add_argument("--demo", type=Path, default=here / "demo")
    given = parser.parse_args()

    tokenizer = Tokenizer.from_file(str(given.model / "tokenizer.json"))
    losses = Losses(Llama(given.model), tokenizer, read(given.demo / "assessment.jsonl"))
    unique = {(r["instruction"], r["input"], r["output"]): r for r in reversed(read(given.demo / "pool.jsonl")) if r["output"]}
    pool = list(unique.values())  # reversed, so that an original stands for its duplicates
    demonstrations = [encode(tokenizer, prompt(r) + r["output"]) for r in pool]
    lengths = [len(d) for d in demonstrations]
    control = Control(losses, tokenizer, min(lengths), max(lengths))
    baseline = losses.behind([])
    print(f"{len(pool)} candidates of {min(lengths)} to {max(lengths)} tokens; mean baseline {baseline.mean():.4f} nats per token")
    scored = [
        (r["planted"], len(ids), contributions(control.at(len(ids)), losses.behind(ids), baseline))
        for r, ids in zip(pool, demonstrations)
    ]
    print("\n".join(report(scored)))


if __name__ == "__main__":
    main()
