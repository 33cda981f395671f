"""Trains the demonstration model: a Llama of 0.8 million parameters on the generated tasks.

Usage: python3 train.py OUT --minutes 30                                    (a new tokenizer and model)
       python3 train.py OUT --minutes 35 --start FOLDER --peak 1e-3 --seed 2  (goes on from a trained one)

Needs torch, transformers and tokenizers; a CPU will do. OUT becomes a Hugging Face folder with training.json beside it.
The time limit sets the learning-rate schedule, so that two machines give two models: equal seeds, not equal weights.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from tasks import SEPARATOR, TASKS, Task, prompt, row

BOS, EOS, PAD = 0, 1, 2
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}  # ids in this order
VOCABULARY = 512
TOKENIZER_SAMPLES = 20_000
LENGTH = 192  # tokens of a sequence; longer ones lose their beginning
BATCH = 64
WARM_UP = 200  # steps
FLOOR = 0.05  # of the peak learning rate, where the cosine ends
NOT_SCORED = -100
CONTEXTS = (0, 1, 1, 1, 2, 3)  # how many examples stand before a question: mostly one
NOISE_SHARE = 0.12  # of the contexts, meaningless tokens: what a control is made of
SAME_TASK_SHARE = 0.63  # of the contexts, the question's own task; the rest is of any task


def draw(rng: Random, task: Task, style: str) -> dict[str, str]:
    """A sample of a task in a style."""
    question = task.ask(rng)
    return row(question, task.answer(question, style))


def train_tokenizer(rng: Random) -> PreTrainedTokenizerFast:
    """A byte-level BPE over the tasks' own text, which puts BOS in front."""
    names = sorted(TASKS)

    def texts() -> Iterator[str]:
        for _ in range(TOKENIZER_SAMPLES):
            task = TASKS[rng.choice(names)]
            sample = draw(rng, task, rng.choice(sorted(task.styles)))
            yield prompt(sample) + sample["output"] + SEPARATOR

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(
        texts(),
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=list(SPECIAL.values()),
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    bpe.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", BOS)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=bpe, **SPECIAL)


class Sequences:
    """Draws training sequences: examples with one style a task throughout, then a question in the same style."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, rng: Random):
        self.tokenizer, self.rng, self.names = tokenizer, rng, sorted(TASKS)
        self.separator = self.encode(SEPARATOR)

    def encode(self, text: str) -> list[int]:
        return self.tokenizer(text, add_special_tokens=False)["input_ids"]

    def batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and labels, both [size, tokens]."""
        rows = [self.sequence() for _ in range(size)]
        width = max(len(ids) for ids, _ in rows)
        ids = torch.full((size, width), PAD)
        labels = torch.full((size, width), NOT_SCORED)
        for i, (sequence, answer) in enumerate(rows):
            ids[i, : len(sequence)] = torch.tensor(sequence)
            labels[i, : len(answer)] = torch.tensor(answer)
        return ids, labels

    def sequence(self) -> tuple[list[int], list[int]]:
        """Ids and labels; answers are scored, those of the examples too, and nothing else is."""
        wanted = {name: self.rng.choice(sorted(task.styles)) for name, task in TASKS.items()}
        asked = self.rng.choice(self.names)
        ids, labels = [BOS], [NOT_SCORED]
        for _ in range(self.rng.choice(CONTEXTS)):
            part, scored = self.context(asked, wanted)
            ids += part + self.separator
            labels += scored + [NOT_SCORED] * len(self.separator)
        part, scored = self.example(asked, wanted[asked])
        ids += part + [EOS]
        labels += scored + [EOS]
        return ids[-LENGTH:], labels[-LENGTH:]

    def context(self, asked: str, wanted: dict[str, str]) -> tuple[list[int], list[int]]:
        """What stands before a question: noise, an example of its task, or one of any task."""
        kind = self.rng.random()
        if kind < NOISE_SHARE:
            noise = [self.rng.randrange(len(SPECIAL), len(self.tokenizer)) for _ in range(self.rng.randint(5, 60))]
            return noise, [NOT_SCORED] * len(noise)
        name = asked if kind < NOISE_SHARE + SAME_TASK_SHARE else self.rng.choice(self.names)
        return self.example(name, wanted[name])

    def example(self, name: str, style: str) -> tuple[list[int], list[int]]:
        """A question with its answer."""
        sample = draw(self.rng, TASKS[name], style)
        question, answer = self.encode(prompt(sample)), self.encode(sample["output"])
        return question + answer, [NOT_SCORED] * len(question) + answer


def new_model(vocabulary: int) -> LlamaForCausalLM:
    """The shape of the released weights, with random values."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=128,
            intermediate_size=344,
            num_hidden_layers=4,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=2048,
            tie_word_embeddings=True,
            bos_token_id=BOS,
            eos_token_id=EOS,
            pad_token_id=PAD,
        )
    )


def train(model: LlamaForCausalLM, sequences: Sequences, peak: float, seconds: float) -> dict[str, float]:
    """Trains until the time is over; the loss is the mean over all answer tokens of a batch."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.95), weight_decay=0.05)
    begin, step, loss = time.monotonic(), 0, torch.tensor(math.nan)
    while (spent := time.monotonic() - begin) < seconds:
        cosine = 0.5 * (1 + math.cos(math.pi * spent / seconds))
        rate = peak * min(1.0, (step + 1) / WARM_UP) * (FLOOR + (1 - FLOOR) * cosine)
        for group in optimizer.param_groups:
            group["lr"] = rate

        ids, labels = sequences.batch(BATCH)
        hidden = model.model(ids).last_hidden_state[:, :-1]  # [batch, tokens-1, hidden]
        target = labels[:, 1:]
        scored = target != NOT_SCORED
        loss = torch.nn.functional.cross_entropy(model.lm_head(hidden[scored]), target[scored])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 200 == 0:
            print(f"step {step}, {spent:.0f} s, loss {loss.item():.4f}, learning rate {rate:.1e}", flush=True)
    return {"steps": step, "seconds": round(time.monotonic() - begin), "loss": loss.item()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the demonstration model.")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--minutes", type=float, required=True, help="how long to train")
    parser.add_argument("--start", type=Path, help="a trained folder to go on from (default: a new model)")
    parser.add_argument("--peak", type=float, default=2e-3, help="peak learning rate (default: 2e-3)")
    parser.add_argument("--seed", type=int, default=1, help="of weights and samples (default: 1)")
    given = parser.parse_args()

    torch.manual_seed(given.seed)
    if given.start:
        tokenizer = PreTrainedTokenizerFast.from_pretrained(given.start)
        model = LlamaForCausalLM.from_pretrained(given.start, dtype=torch.float32)
    else:
        tokenizer = train_tokenizer(Random(given.seed + 1))
        model = new_model(len(tokenizer))
    print(f"{sum(p.numel() for p in model.parameters())} parameters, {len(tokenizer)} tokens", flush=True)

    record = train(model.train(), Sequences(tokenizer, Random(given.seed)), given.peak, 60 * given.minutes)
    model.half().save_pretrained(given.out)
    tokenizer.save_pretrained(given.out)
    (given.out / "training.json").write_text(json.dumps(record) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
