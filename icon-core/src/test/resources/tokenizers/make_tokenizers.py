"""Makes the tokenizer fixtures: tiny vocabularies, and what the reference libraries do with them.

    python make_tokenizers.py OUT_DIR     written with tokenizers 0.23.3, sentencepiece 0.2.3

pre.json     one byte-level BPE vocabulary whose merges know no word boundary (every text of it would be
             one token), and the ids of every text under each published pre-tokenizer: a cut at another
             place gives other ids
pieces.json  two SentencePiece BPE models (with and without a space in front) as a GGUF carries them:
             tokens, scores, types; and the ids by sentencepiece itself
kinds.json   the kinds of tokenizer.json (BPE with marks for spaces, byte-level BPE, unigram, WordPiece), post-processors that
             add BOS, BOS and EOS, EOS or nothing, and a sequence of the method's parts on each kind
"""
import io, json, random, sys
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers.pre_tokenizers import ByteLevel, Digits, Punctuation, Sequence, Split

OUT = Path(sys.argv[1])

TEXTS = [
    "Hello, world! It's 3 o'clock; we'll say they've 12 apples, I'd guess.",
    "HELLO WORLD'S END. IT'S 2024, WE'LL SEE; THEY'VE 123456789 UNITS.",
    "def f(x):\n\treturn x**2  # two  spaces\n\n\nprint(f(10))\n",
    "a  b   c    d\t\te \n f\r\n\r\ng  \n",
    "  leading and trailing   ",
    "\n\n\n",
    "Preis: 1.234,56 \u20ac (inkl. 19% MwSt.) \u2014 \u201eguter\u201c Preis\u2026",
    "\u4f60\u597d\uff0c\u4e16\u754c\uff01\u4eca\u5929\u662f2024\u5e745\u670817\u65e5\u3002",
    "\u3053\u3093\u306b\u3061\u306f\u3001\u30ab\u30bf\u30ab\u30ca\u3068\u6f22\u5b57 12345",
    "\uc548\ub155\ud558\uc138\uc694 \uc138\uacc4 123",
    "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u0413\u043e\u0434 1999-\u0439.",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645\u060c \u0664\u0665\u0666 7",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e\u0964 \u0967\u0968\u0969\u096a",
    "emoji \U0001f600\U0001f680 \U0001f469\u200d\U0001f4bb flags \U0001f1e9\U0001f1ea end",
    "caf\u00e9 cafe\u0301 na\u00efve \u00c5ngstr\u00f6m \ufb01ne \u01c5 \u00b2\u00bd \u2167",
    "camelCaseWord HTTPServer XMLHttpRequest iPhone McDonald O'NEILL'S",
    "x=1;y+=22;z<=333;a!=4444&&b||c^d~e`f`$g@h%i\\j_k-l/m\n//n",
    "http://example.org/path?q=1&r=%20#frag user@example.org",
    "1 12 123 1234 12345 123456 1234567 0.5 -7 +8 1,000,000",
    "\u00a0nbsp\u2003em\u3000ideographic\u200bzero",
    "'s 't're 'Ve don'T DON'T rock'n'roll \u2019s",
    "(brackets) [square] {curly} <angle> \"quoted\" ... --- ***",
]

GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
CL100K = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
QWEN2 = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
TEKKEN = r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
O200K = r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
DEEPSEEK3 = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
HAN = "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"


def split(pattern):
    return Split(Regex(pattern), behavior="isolated")


def words():
    """GPT-2's own: the pattern inside ByteLevel."""
    return ByteLevel(add_prefix_space=False, use_regex=True)


def raw():
    return ByteLevel(add_prefix_space=False, use_regex=False)


# The pre-tokenizers as published with the models that a name stands for; for falcon and default, whose
# published form llama.cpp does not follow to the letter, llama.cpp's.
PRE = {
    "gpt-2": (None, words()),
    "mpt": (normalizers.NFC(), words()),
    "smollm": (None, Sequence([Digits(individual_digits=True), words()])),
    "command-r": (normalizers.NFC(), Sequence([Digits(individual_digits=True), words()])),
    "llama-bpe": (None, Sequence([split(CL100K), raw()])),
    "dbrx": (None, Sequence([split(CL100K), raw()])),
    "qwen2": (normalizers.NFC(), Sequence([split(QWEN2), raw()])),
    "stablelm2": (None, Sequence([split(QWEN2), raw()])),
    "tekken": (None, Sequence([split(TEKKEN), raw()])),
    "gpt-4o": (None, Sequence([split(O200K), raw()])),
    "deepseek-v3": (None, Sequence([split(r"\p{N}{1,3}"), split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"), split(DEEPSEEK3), raw()])),
    "deepseek-coder": (None, Sequence([split("[\r\n]"), split(r"\s?\p{L}+"), split(r"\s?\p{P}+"), split(HAN), Digits(individual_digits=True), raw()])),
    "falcon": (None, Sequence([Punctuation(behavior="contiguous"), split(GPT2), split("[0-9][0-9][0-9]"), raw()])),
    "default": (None, Sequence([split(r"[\p{P}\$\+<=>\^~\|]+"), split(GPT2), Digits(individual_digits=False), split("[0-9][0-9][0-9]"), raw()])),
}


def sentences(n, seed):
    rng = random.Random(seed)
    vocabulary = ("the a one two river stone blue green bright translate list count name explain write short poem about sum "
                  "of and is are what why how model data learn answer question because therefore red lamp window garden").split()
    return [" ".join(rng.choice(vocabulary) for _ in range(rng.randint(4, 14))).capitalize() + rng.choice([".", "?", "!\n", " 12 + 7."])
            for _ in range(n)]


def pre():
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = raw()
    nfc = [normalizers.NFC().normalize_str(t) for t in TEXTS]
    tok.train_from_iterator([t for t in TEXTS + nfc for _ in range(3)], trainers.BpeTrainer(
        vocab_size=3000, initial_alphabet=ByteLevel.alphabet(), show_progress=False))
    state = json.loads(tok.to_str())["model"]
    tokens = sorted(state["vocab"], key=state["vocab"].get)
    ids = {}
    for name, (normalizer, pre_tokenizer) in PRE.items():
        # One that ignores merges would find the whole word, whatever the merges say; the vocabulary shows cuts only.
        reference = Tokenizer(models.BPE(vocab=state["vocab"], merges=[tuple(m) for m in state["merges"]],
                                         ignore_merges=name in ("llama-bpe", "tekken")))
        if normalizer:
            reference.normalizer = normalizer
        reference.pre_tokenizer = pre_tokenizer
        ids[name] = [reference.encode(t).ids for t in TEXTS]
    return dict(texts=TEXTS, tokens=tokens, merges=[" ".join(m) for m in state["merges"]], ids=ids)


PIECE_TEXTS = [t for t in TEXTS if t.strip()] + sentences(5, 3) + ["the stone", " the stone", "the  stone   is\tblue\n\n", "\U0001f600 \u9f98"]


def pieces():
    """Of SentencePiece's kinds: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte."""
    out = {}
    for name, prefix in (("prefixed", True), ("plain", False)):
        trained = io.BytesIO()
        defined = [] if prefix else ["\u2581\u2581", "\u2581\u2581\u2581", "<start>", "\n"]
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences(400, 5) + TEXTS[:3]), model_writer=trained, vocab_size=520, model_type="bpe",
            byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=prefix,
            user_defined_symbols=defined, minloglevel=2,
            split_digits=True, allow_whitespace_only_pieces=True, character_coverage=0.99, num_threads=1)
        sp = sentencepiece.SentencePieceProcessor(model_proto=trained.getvalue())
        kind = lambda i: (2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 5 if sp.is_unused(i) else 6 if sp.is_byte(i)
                          else 4 if sp.id_to_piece(i) in defined else 1)
        texts = PIECE_TEXTS + ([] if prefix else ["say <start> now", "a  b   c     d"])
        out[name] = dict(tokens=[sp.id_to_piece(i) for i in range(len(sp))], scores=[sp.get_score(i) for i in range(len(sp))],
                         types=[kind(i) for i in range(len(sp))], texts=texts, ids=[sp.encode(t) for t in texts],
                         decoded=[sp.decode(sp.encode(t)) for t in texts])
    return out


SPECIALS = ["<unk>", "<s>", "</s>", "<|user|>"]
PARTS = ["<|user|>\nName a river.\nA stone.", "\n\n\n", "### Instruction:\nWrite a  poem about 12 stones\n\n### Response:", "The blue river's end."]


def kinds():
    lines = sentences(300, 9)
    special = [AddedToken(s, special=True, normalized=False) for s in SPECIALS]
    made = {}

    tok = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tok.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tok.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tok.train_from_iterator([w for line in lines for w in line.split()], trainers.BpeTrainer(
        vocab_size=500, special_tokens=special + [f"<0x{b:02X}>" for b in range(256)], show_progress=False))
    made["BPE with marks for spaces"] = tok

    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer, tok.decoder = words(), decoders.ByteLevel()
    tok.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=400, special_tokens=special, initial_alphabet=ByteLevel.alphabet(), show_progress=False))
    tok.add_special_tokens(["<|late|>", "<|later|>"])       # above the model's vocabulary
    made["byte-level BPE"] = tok

    tok = Tokenizer(models.Unigram())
    tok.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tok.pre_tokenizer, tok.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    tok.train_from_iterator(lines, trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False))
    made["unigram"] = tok

    tok = Tokenizer(models.WordPiece(unk_token="<unk>"))
    tok.normalizer = normalizers.BertNormalizer()
    tok.pre_tokenizer, tok.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
    tok.train_from_iterator(lines, trainers.WordPieceTrainer(vocab_size=250, special_tokens=special, show_progress=False))
    made["WordPiece"] = tok

    out = {}
    for name, tok in made.items():
        parts = [tok.encode(p, add_special_tokens=False).ids for p in PARTS]
        out[name] = dict(tokenizer=json.loads(tok.to_str()), size=max(tok.get_vocab().values()) + 1, part_ids=parts,
                         bos=tok.token_to_id("<s>"), eos=tok.token_to_id("</s>"))
    ids = lambda tok: [(s, tok.token_to_id(s)) for s in ("<s>", "</s>")]
    tok = made["unigram"]
    assert all(ids(t) == ids(tok) for t in made.values())   # so that one post-processor fits all
    template = lambda single: processors.TemplateProcessing(single=single, pair=single + " $B", special_tokens=ids(tok))
    processed = {}
    for name, processor in dict(BOS=template("<s> $A"), BOS_EOS=template("<s> $A </s>"), EOS=template("$A </s>"),
                                ROBERTA=processors.RobertaProcessing(("</s>", 2), ("<s>", 1))).items():
        tok.post_processor = processor
        processed[name] = json.loads(tok.to_str())["post_processor"]
    return dict(parts=PARTS, post_processors=processed, kinds=out)


for name, made in (("pre", pre()), ("pieces", pieces()), ("kinds", kinds())):
    file = OUT / f"{name}.json"
    file.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(file.name, file.stat().st_size)
