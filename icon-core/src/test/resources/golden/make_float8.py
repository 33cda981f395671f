"""Makes llama-float8 and llama-float8-rows from the fixture llama: its matrices as 8-bit floats (E4M3) with
scales, and the losses of what they stand for, in float64, by a Llama of its own in numpy.

Usage: python make_float8.py GOLDEN_DIR
Written with ml_dtypes 0.6.0, numpy 2.4.6. The numpy Llama is first held against golden.json of llama, which
Hugging Face Transformers made: every token within 1e-5.

llama-float8       quant_method fp8, weight_scale_inv in blocks of 32 x 24 (float32), two shards
llama-float8-rows  compressed-tensors, float-quantized: weight_scale for each row (bfloat16) in attention,
                   for the whole tensor in the feed-forward; input_scale beside them, which no weight needs
"""
import glob, json, os, shutil, struct, sys
import ml_dtypes, numpy as np

DTYPES = {"F32": np.float32, "BF16": ml_dtypes.bfloat16, "F8_E4M3": ml_dtypes.float8_e4m3fn}
FLOAT8, BFLOAT16 = ml_dtypes.float8_e4m3fn, ml_dtypes.bfloat16
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
ROWS, COLUMNS = 32, 24

def read(folder):
    tensors = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.safetensors"))):
        data = open(path, "rb").read()
        (length,) = struct.unpack("<Q", data[:8])
        for name, entry in json.loads(data[8:8 + length]).items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                tensors[name] = np.frombuffer(data[8 + length + begin:8 + length + end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors

def write(path, tensors):
    header, data = {}, b""
    for name, tensor in sorted(tensors.items()):
        code = next(c for c, t in DTYPES.items() if t == tensor.dtype)
        content = np.ascontiguousarray(tensor).tobytes()
        header[name] = dict(dtype=code, shape=list(tensor.shape), data_offsets=[len(data), len(data) + len(content)])
        data += content
    text = json.dumps(header).encode()
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)

def norm(x, weight):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6) * weight

def rotate(x):                                          # [heads, S, 16]
    half = x.shape[-1] // 2
    angle = np.arange(x.shape[1])[:, None] * 10000.0 ** (-np.arange(half) / half)[None]
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)], -1)

def losses(w, ids, start):
    w = {name: value.astype(np.float64) for name, value in w.items()}
    x = w["model.embed_tokens.weight"][ids]                                      # [S, 64]
    S = len(ids)
    for layer in range(3):
        p = f"model.layers.{layer}."
        h = norm(x, w[p + "input_layernorm.weight"])
        q, k, v = ((h @ w[p + f"self_attn.{n}_proj.weight"].T).reshape(S, -1, 16).transpose(1, 0, 2) for n in "qkv")
        k, v = np.repeat(rotate(k), 2, 0), np.repeat(v, 2, 0)
        scores = rotate(q) @ k.transpose(0, 2, 1) / 4 + np.triu(np.full((S, S), -np.inf), 1)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        a = (weights / weights.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(S, -1)
        x = x + a @ w[p + "self_attn.o_proj.weight"].T
        h = norm(x, w[p + "post_attention_layernorm.weight"])
        gate = h @ w[p + "mlp.gate_proj.weight"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
    logits = norm(x, w["model.norm.weight"]) @ w["lm_head.weight"].T
    total = np.log(np.exp(logits - logits.max(-1, keepdims=True)).sum(-1)) + logits.max(-1)
    return [float(total[t - 1] - logits[t - 1, ids[t]]) for t in range(start, S)]

def quantise(weight, scale):                            # scale: one number for each element
    codes = (weight / scale).astype(FLOAT8)
    return codes, (codes.astype(np.float32) * scale.astype(np.float32)).astype(BFLOAT16)

def blocks(weight):
    down, across = -(-weight.shape[0] // ROWS), -(-weight.shape[1] // COLUMNS)
    scale = np.array([[np.abs(weight[i * ROWS:(i + 1) * ROWS, j * COLUMNS:(j + 1) * COLUMNS]).max() / 448
                       for j in range(across)] for i in range(down)], np.float32)
    spread = np.repeat(np.repeat(scale, ROWS, 0), COLUMNS, 1)[:weight.shape[0], :weight.shape[1]]
    return scale, *quantise(weight, spread)

def save(golden, name, stored, meant, quantization, shards):
    source, folder = os.path.join(golden, "llama"), os.path.join(golden, name)
    os.makedirs(folder, exist_ok=True)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(os.path.join(source, file), folder)
    config = json.load(open(os.path.join(source, "config.json")))
    json.dump(config | {"dtype": "bfloat16", "quantization_config": quantization}, open(os.path.join(folder, "config.json"), "w"), indent=2)
    names = sorted(stored)
    if shards == 1:
        write(os.path.join(folder, "model.safetensors"), stored)
    else:                                               # scales and their weights apart, as a cut by size may leave them
        files = {n: f"model-{1 + n.endswith('_scale_inv')}.safetensors" for n in names}
        for file in sorted(set(files.values())):
            write(os.path.join(folder, file), {n: stored[n] for n in names if files[n] == file})
        json.dump({"metadata": {}, "weight_map": files}, open(os.path.join(folder, "model.safetensors.index.json"), "w"), indent=1)
    cases = [dict(context=c["context"], prompt=c["prompt"], response=c["response"], ids=c["ids"], response_start=c["response_start"],
                  token_nll=losses(meant, c["ids"], c["response_start"]))
             for c in json.load(open(os.path.join(source, "golden.json")))["cases"]]
    json.dump(dict(computed_in="float64, numpy", cases=cases), open(os.path.join(folder, "golden.json"), "w"), indent=1)
    moved = max(abs(a - b) for c, g in zip(cases, json.load(open(os.path.join(source, "golden.json")))["cases"])
                for a, b in zip(c["token_nll"], g["token_nll"]))
    print(name, "largest change of a token's loss by the narrow type:", round(moved, 3))

def main(golden):
    weights = read(os.path.join(golden, "llama"))
    for case in json.load(open(os.path.join(golden, "llama", "golden.json")))["cases"]:
        own = losses(weights, case["ids"], case["response_start"])
        assert np.abs(np.array(own) - np.array(case["token_nll"])).max() < 1e-5, "the numpy Llama is wrong"

    stored, meant = {}, {}
    for name, weight in weights.items():
        stored[name] = meant[name] = weight.astype(BFLOAT16)
        if name.split(".")[-2] in PROJECTIONS:
            stored[name + "_scale_inv"], stored[name], meant[name] = blocks(weight)
    save(golden, "llama-float8", stored, meant,
         dict(quant_method="fp8", fmt="e4m3", activation_scheme="dynamic", weight_block_size=[ROWS, COLUMNS]), 2)

    stored, meant = {}, {}
    for name, weight in weights.items():
        stored[name] = meant[name] = weight.astype(BFLOAT16)
        if name.split(".")[-2] in PROJECTIONS:
            axis = (1,) if "self_attn" in name else (0, 1)
            scale = (np.abs(weight).max(axis, keepdims=True) / 448).astype(BFLOAT16)
            stored[name], meant[name] = quantise(weight, np.broadcast_to(scale.astype(np.float32), weight.shape))
            stored[name + "_scale"] = scale if "self_attn" in name else scale.reshape(1)
            stored[name.replace(".weight", ".input_scale")] = np.ones(1, np.float32).astype(BFLOAT16)
    group = dict(input_activations=None, output_activations=None)
    weights_of = lambda strategy: dict(num_bits=8, type="float", symmetric=True, strategy=strategy, dynamic=False)
    save(golden, "llama-float8-rows", stored, meant,
         dict(quant_method="compressed-tensors", format="float-quantized", quantization_status="compressed", kv_cache_scheme=None,
              ignore=["lm_head"], config_groups=dict(group_0=dict(group, targets=["re:.*self_attn.*"], weights=weights_of("channel")),
                                                     group_1=dict(group, targets=["re:.*mlp.*"], weights=weights_of("tensor")))), 1)

main(sys.argv[1])
