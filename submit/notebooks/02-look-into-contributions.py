# %% [markdown]
# # Look into contributions
#
# Four pictures of a finished run: how sure a contribution is, which candidate helps on which task, how well the selector
# predicts, and what the selection gained over a random one. Run `01-score-and-select` first: this notebook reads its run
# folder, and any other run folder in the same way.

# %%
from pathlib import Path

import icon_spark
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import SymLogNorm
from pyspark.sql import SparkSession, functions as F

here = Path.cwd()
home = next(folder for folder in (here, *here.parents) if (folder / "tools/tiny-icl").is_dir())

builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
for key, value in icon_spark.session_config().items():
    builder = builder.config(key, value)
spark = builder.config("spark.sql.shuffle.partitions", "4").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")

run = icon_spark.open_run(str(home / "runs/notebooks"))
plt.rcParams.update({"figure.figsize": (8, 4.5), "figure.dpi": 80})

# %% [markdown]
# The samples' own fields are kept as JSON in the pool's column `raw`. From there we take `planted`, which says what a row of this
# made-up pool was made as. With a pool of your own this may be the source or the topic.

# %%
planted = run.pool().select(
    "sample_id", F.get_json_object("raw", "$.planted").alias("planted")
)
scored = run.contributions().join(planted, "sample_id").orderBy("sample_id").toPandas()
kinds = sorted(scored["planted"].unique())
colours = dict(zip(kinds, plt.get_cmap("tab10").colors))
scored.groupby("planted")["contribution"].describe()[["count", "mean", "std"]].round(3)

# %% [markdown]
# ## Contribution and length
#
# Each point is a candidate; the line through it is two standard errors up and down. A candidate whose line crosses zero may as
# well do nothing. The scale is linear between -0.1 and 0.1 and logarithmic beyond: help is small, and harm can be huge. The
# over-long samples, a good answer followed by hundreds of stray words, harm this tiny model a thousand times more than any
# sample helps.

# %%
for kind in kinds:
    some = scored[scored["planted"] == kind]
    plt.errorbar(
        some["demonstration_tokens"],
        some["contribution"],
        yerr=2 * some["standard_error"],
        fmt="o",
        markersize=3,
        linewidth=0.6,
        color=colours[kind],
        label=kind,
    )
plt.axhline(0, color="black", linewidth=0.8)
plt.xscale("log")
plt.yscale("symlog", linthresh=0.1)
plt.xlabel("tokens of the candidate")
plt.ylabel("contribution")
plt.legend(fontsize=8)
plt.tight_layout()
plt.show()

# %% [markdown]
# ## Who helps whom
#
# The pairs are the product of the run: a number for each candidate and each example. Here every row is a candidate, best
# on top, and every column an example, in the order of the groups. A candidate of one task mostly helps the examples of
# that task: the red stretches. Blue is harm; beyond 10 the colour stays the same.

# %%
pairs = run.pairs().select("sample_id", "assessed_id", "group", "contribution").toPandas()
columns = pairs[["group", "assessed_id"]].drop_duplicates().sort_values(["group", "assessed_id"])
order = scored.sort_values(["contribution", "sample_id"], ascending=[False, True])["sample_id"]
matrix = pairs.pivot(index="sample_id", columns="assessed_id", values="contribution").loc[
    order, columns["assessed_id"]
]
plt.figure(figsize=(8, 6))
scale = SymLogNorm(linthresh=0.05, vmin=-10, vmax=10)
plt.imshow(matrix, aspect="auto", cmap="RdBu_r", norm=scale, interpolation="nearest")
groups = columns["group"].to_numpy()
starts = [i for i in range(len(groups)) if i == 0 or groups[i] != groups[i - 1]]
for start in starts[1:]:
    plt.axvline(start - 0.5, color="black", linewidth=0.8)
plt.xticks([start + 3.5 for start in starts], groups[starts], fontsize=9)
plt.ylabel("candidates, best on top")
plt.colorbar(label="contribution of the pair")
plt.tight_layout()
plt.show()

# %% [markdown]
# The same by what the candidates were made as, and by task.

# %%
by_kind = (
    pairs.merge(scored[["sample_id", "planted"]], on="sample_id")
    .pivot_table(index="planted", columns="group", values="contribution", aggfunc="mean")
)
by_kind.round(2)

# %% [markdown]
# ## What the selector predicts
#
# For candidates, the ranking holds what was measured and what the selector predicts of them. The selector has seen most
# of these points while it was trained, so that the picture flatters it. The honest figures are those on candidates that it was
# not shown; the manifest has them, with a verdict (`trust`) and its reason. Believe the verdict: where it says that the
# selector is no better than length, score more candidates.

# %%
ranking = run.ranking().toPandas()
known = ranking[ranking["measured"].notna() & ranking["predicted"].notna()]
plt.figure(figsize=(5, 5))
plt.scatter(known["measured"], known["predicted"], s=8)
plt.xscale("symlog", linthresh=0.1)
plt.yscale("symlog", linthresh=0.1)
ends = [known["measured"].min(), known["measured"].max()]
plt.plot(ends, ends, color="black", linewidth=0.8)
plt.xlabel("measured contribution")
plt.ylabel("predicted contribution")
plt.tight_layout()
plt.show()

# %%
report = run.manifest()["selector"]
{name: round(value, 2) if isinstance(value, float) else value
 for name, value in report.items() if not isinstance(value, (dict, list))}

# %% [markdown]
# ## Selected against random
#
# How many of the selected samples were made to help, and how many of a random selection of the same size? The bars are a
# thousand random selections.

# %%
pool = planted.orderBy("sample_id").toPandas()
selected = run.selection().toPandas()
helpful = (pool["planted"] == "right-style").to_numpy()
generator = np.random.default_rng(1)
size = len(selected)
random = [generator.permutation(helpful)[:size].sum() for _ in range(1000)]
ours = int((selected["planted"] == "right-style").sum())
plt.hist(random, bins=range(0, size + 2), color="grey", label="random selections")
plt.axvline(ours, color="tab:red", label="selected by icon")
plt.xlabel(f"samples made to help, of {size}")
plt.ylabel("random selections")
plt.legend()
plt.tight_layout()
plt.show()
print(f"selected: {ours} of {size}; at random: {np.mean(random):.1f} on average")
assert ours > max(random)

# %%
spark.stop()
