"""Makes the fixtures of the families that make_golden.py leaves out: tiny random-weight checkpoints in
Hugging Face layout, the response losses that Hugging Face Transformers computes on them in float64, and
those that its eager attention gives with weights and activations in bfloat16.

Usage: python make_families.py OUT_DIR [NAME...]
Written with torch 2.13.0, transformers 5.17.0, tokenizers 0.23.2.  Everything here is generated: no
pretrained weights, no third-party text.  Each config.json is then written as the family's published
checkpoints write theirs: most of those carry the keys of Transformers 4.
"""
import json, math, os, sys
import torch
from transformers import (AutoModelForCausalLM, GemmaConfig, Gemma3TextConfig, GraniteConfig, LlamaConfig,
                          MinistralConfig, MixtralConfig, Phi3Config, Qwen2Config, Qwen3MoeConfig, StableLmConfig)
from make_golden import encode, make_tokenizer, pairs

BASE = dict(vocab_size=517, hidden_size=64, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=512, bos_token_id=0, eos_token_id=1, pad_token_id=2)
MOE = {**BASE, "num_hidden_layers": 2, "intermediate_size": 24}
MOES = ("mixtral", "qwen3_moe")
SIX = [1.0, 1.05, 1.2, 1.5, 2.0, 2.5]

# name: config, stored type, whether the tokenizer adds <|bos|>, keys of Transformers 4
FAMILIES = {
  "gemma": (GemmaConfig(**{**BASE, "num_key_value_heads": 1}, head_dim=24), "bfloat16", True, True),
  "gemma3-text": (Gemma3TextConfig(**{**BASE, "num_hidden_layers": 4}, head_dim=16, query_pre_attn_scalar=20, sliding_window=16,
                      sliding_window_pattern=3, rope_parameters=dict(
                        full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1e6),
                        sliding_attention=dict(rope_type="default", rope_theta=1e4))), "bfloat16", True, True),
  "granite": (GraniteConfig(**BASE, tie_word_embeddings=True, embedding_multiplier=6.0, attention_multiplier=0.12,
                      residual_multiplier=0.4, logits_scaling=1.7), "bfloat16", False, True),
  "stablelm": (StableLmConfig(**BASE, use_qkv_bias=True, rope_parameters=dict(rope_type="default", rope_theta=1e4,
                      partial_rotary_factor=0.25)), "float16", False, True),
  "stablelm-parallel": (StableLmConfig(**{**BASE, "num_hidden_layers": 2}, qk_layernorm=True, use_parallel_residual=True,
                      rope_parameters=dict(rope_type="default", rope_theta=1e4, partial_rotary_factor=0.5)), "bfloat16", False, False),
  "ministral": (MinistralConfig(**BASE, head_dim=12, sliding_window=16, layer_types=["sliding_attention", "full_attention",
                      "sliding_attention"]), "bfloat16", True, False),
  "falcon3": (LlamaConfig(**{**BASE, "num_hidden_layers": 2}, head_dim=32, rope_parameters=dict(rope_type="default", rope_theta=1000042.0)), "bfloat16", False, True),
  "phi3-longrope": (Phi3Config(**{**BASE, "max_position_embeddings": 768}, original_max_position_embeddings=96, tie_word_embeddings=True,
                      sliding_window=16384, rope_parameters=dict(rope_type="longrope", rope_theta=1e4, partial_rotary_factor=0.75,
                        short_factor=SIX, long_factor=[1.5 * f * f for f in SIX])), "bfloat16", True, True),
  "mixtral": (MixtralConfig(**MOE, num_local_experts=4, num_experts_per_tok=2), "bfloat16", True, True),
  "qwen3-moe": (Qwen3MoeConfig(**{**MOE, "num_hidden_layers": 3, "intermediate_size": 48}, head_dim=16, moe_intermediate_size=16, num_experts=4,
                      num_experts_per_tok=2, norm_topk_prob=True, mlp_only_layers=[1], tie_word_embeddings=True), "bfloat16", False, False),
  "qwen3-moe-plain": (Qwen3MoeConfig(**{**MOE, "intermediate_size": 48}, head_dim=16, moe_intermediate_size=16, num_experts=5,
                      num_experts_per_tok=3, norm_topk_prob=False, decoder_sparse_step=2), "bfloat16", False, True),
  "qwen2-window": (Qwen2Config(**BASE, tie_word_embeddings=True, use_sliding_window=True, sliding_window=16, max_window_layers=1),
                      "bfloat16", False, True),
  "llama-yarn": (LlamaConfig(**BASE, tie_word_embeddings=True, rope_parameters=dict(rope_type="yarn", rope_theta=1e4, factor=4.0,
                      original_max_position_embeddings=128)), "bfloat16", True, True),
}

def as_published(path):
    """Rewrites a config with the keys of Transformers 4, in the way of the family's published checkpoints."""
    config = json.load(open(path))
    family = config["model_type"]
    rope = config.pop("rope_parameters")
    if family == "gemma3_text":
        full = dict(rope["full_attention"])
        config["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        config["sliding_window_pattern"] = 3
        rope = full
    rope = dict(rope)
    config["rope_theta"] = rope.pop("rope_theta")
    partial = rope.pop("partial_rotary_factor", None)
    if partial is not None:
        config["partial_rotary_factor"] = partial
    if family == "phi3":        # the original context stands beside rope_scaling, not in it
        rope.pop("original_max_position_embeddings", None)
        rope["type"] = rope.pop("rope_type")
    config["rope_scaling"] = None if rope.get("rope_type") == "default" else rope
    if family in ("gemma", "gemma3_text"):
        del config["tie_word_embeddings"]      # true is the default there, and defaults are left out
    config["torch_dtype"] = config.pop("dtype")
    config.pop("layer_types", None)
    config["transformers_version"] = "4.46.0"
    json.dump(config, open(path, "w"), indent=2)

def first_release(path):
    """Gemma's first configs name the exact GELU and mean its approximation, which some versions of Transformers
    (this one too) take at its word: the losses are computed before this is written."""
    config = json.load(open(path))
    config["hidden_act"] = "gelu"
    json.dump(config, open(path, "w"), indent=2)

def randomise(model, seed):
    gen = torch.Generator().manual_seed(seed)
    for name, p in model.named_parameters():
        noise = torch.randn(p.shape, generator=gen)
        if p.dim() >= 2:
            p.data = noise * (0.6 if "embed" in name else 1.3 / math.sqrt(p.shape[-1]))
        elif name.endswith("bias"):
            p.data = 0.3 * noise
        else:                   # a norm's weight: keep what the architecture centres it on
            p.data = p.data.float().mean() + 0.3 * noise

def watch_routers(model):
    """Smallest distance between the last expert chosen and the first one not: rounding must not choose."""
    margins = []
    def look(module, _, output):
        top = torch.softmax(output[0].double(), -1).sort(-1, descending=True).values
        margins.append((top[:, module.top_k - 1] - top[:, module.top_k]).min().item())
    for module in model.modules():
        if type(module).__name__.endswith("TopKRouter"):
            module.register_forward_hook(look)
    return margins

def token_nll(model, ids, start):
    with torch.no_grad():
        logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    logp = torch.log_softmax(logits.float() if logits.dtype == torch.bfloat16 else logits.double(), -1)
    return [-logp[t - 1, ids[t]].item() for t in range(start, len(ids))]

def make(folder, seed, config, dtype, bos, four):
    os.makedirs(folder, exist_ok=True)
    tok = make_tokenizer(bos)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    randomise(model, seed)
    model.to(getattr(torch, dtype)).save_pretrained(folder)
    tok.save_pretrained(folder)
    os.remove(os.path.join(folder, "generation_config.json"))
    if four:
        as_published(os.path.join(folder, "config.json"))
    eager = dict(attn_implementation="eager", **(dict(experts_implementation="eager") if config.model_type in MOES else {}))
    truth = AutoModelForCausalLM.from_pretrained(folder, **eager, dtype=torch.float32).double().eval()
    half = AutoModelForCausalLM.from_pretrained(folder, **eager, dtype=torch.bfloat16).eval()
    margins = watch_routers(truth)
    cases = []
    for context, prompt, response in [pairs(tok, seed)[i] for i in (0, 2, 5)]:
        ids = [tok.bos_token_id] if bos else []
        if context is not None:
            ids = ids + encode(tok, context) + encode(tok, "\n\n\n")
        ids = ids + encode(tok, prompt)
        start = len(ids)
        ids = ids + encode(tok, response)
        nll = token_nll(truth, ids, start)
        cases.append(dict(context=context, prompt=prompt, response=response, ids=ids, response_start=start, token_nll=nll,
                          mean_nll=sum(nll) / len(nll), token_nll_bfloat16=token_nll(half, ids, start)))
    assert all(m > 1e-4 for m in margins), min(margins)
    if config.model_type == "gemma":
        first_release(os.path.join(folder, "config.json"))
    json.dump(dict(architecture=config.architectures, model_type=config.model_type, stored_dtype=dtype, adds_bos=bos,
                   computed_in="float64 logits, Hugging Face Transformers eager attention", cases=cases),
              open(os.path.join(folder, "golden.json"), "w"), indent=1)
    size = sum(os.path.getsize(os.path.join(folder, f)) for f in os.listdir(folder))
    drift = [abs(sum(c["token_nll_bfloat16"]) / len(c["token_nll"]) - c["mean_nll"]) for c in cases]
    print(f"{os.path.basename(folder):18s} {size/1e3:4.0f} kB  tokens {[len(c['ids']) for c in cases]}  mean nll "
          + " ".join(f"{c['mean_nll']:.3f}" for c in cases) + "  bfloat16 off by " + " ".join(f"{d:.4f}" for d in drift)
          + (f"  least routing margin {min(margins):.5f}" if margins else ""))

def main():
    wanted = sys.argv[2:] or list(FAMILIES)
    for index, (name, (config, dtype, bos, four)) in enumerate(FAMILIES.items()):
        if name in wanted:
            make(os.path.join(sys.argv[1], name), 200 + index, config, dtype, bos, four)

if __name__ == "__main__":
    main()
