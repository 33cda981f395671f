"""Makes float8.json: what the 8-bit floats E4M3 stand for, and their products with scales rounded to
bfloat16, by ml_dtypes (the number types of JAX and TensorFlow), which shares no code with this project.

Usage: python make_float8_codes.py OUT.json
Written with ml_dtypes 0.6.0, numpy 2.4.6.
"""
import json, sys
import ml_dtypes, numpy as np

codes = np.arange(256, dtype=np.uint8)
values = codes.view(ml_dtypes.float8_e4m3fn).astype(np.float32)
# A power of two (exact), scales as checkpoints have them (rounded), the least and one near the largest.
scales = np.array([0.0078125, 0.0003662109375, 0.013937, 1.0, 0.06406250, 2.0**-126, 7.5e35, 0.0], dtype=np.float32)
with np.errstate(over="ignore", invalid="ignore"):
    products = [(values * scale).astype(ml_dtypes.bfloat16).view(np.uint16) for scale in scales]
halves = np.array([0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0x3C01, 0xC000, 0x7BFF, 0xFBFF, 0x2E66, 0x1419], dtype=np.uint16)

json.dump({
    "source": f"ml_dtypes {ml_dtypes.__version__}, numpy {np.__version__}",
    "values": [None if np.isnan(v) else float(v) for v in values],
    "products": [{"scale": float(s), "bfloat16": [int(b) for b in p]} for s, p in zip(scales, products)],
    "halves": [{"bits": int(b), "value": float(v)} for b, v in zip(halves, halves.view(np.float16))],
}, open(sys.argv[1], "w"))
