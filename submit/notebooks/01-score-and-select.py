# %% [markdown]
# # Score and select
#
# You have a pool of instruction samples, more than you want to train on, and a few examples of what the trained model
# should be good at. Which samples should it see?
#
# icon answers by trying. It puts a sample in front of each of your examples, as a demonstration, and looks at what that
# does to the model's loss on the example's answer. A sample that lowers the loss *contributes*. The samples that
# contribute most are selected.
#
# This notebook does so with the tiny model and the small pool of this repository. It needs icon's jar
# (`mvn -Dmaven.test.skip=true package`), the package `icon_spark` (`pip install './submit/python[spark]'`), matplotlib and
# pandas. It takes about two minutes on two cores.

# %%
from pathlib import Path

import icon_spark
from pyspark.sql import SparkSession, functions as F

here = Path.cwd()
home = next(folder for folder in (here, *here.parents) if (folder / "tools/tiny-icl").is_dir())

builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
for key, value in icon_spark.session_config().items():
    builder = builder.config(key, value)
spark = builder.config("spark.sql.shuffle.partitions", "4").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
spark.version

# %% [markdown]
# ## The pool
#
# Any data frame with the columns of a sample will do: `instruction`, `input` and `output` here; conversations (`messages`)
# and pairs (`prompt`, `completion`) work too. This pool was made for demonstration: the column `planted` says what each row
# was made as. icon does not look at it; we shall, to judge the result. Copies of other rows are left out here: icon would keep one of
# each, whatever it was planted as.

# %%
samples = spark.read.json(str(home / "tools/tiny-icl/demo/pool.jsonl")).filter("planted != 'duplicate'")
samples.groupBy("planted").count().orderBy(F.desc("count"), "planted").show()

# %% [markdown]
# ## The examples
#
# Forty-eight examples of six tasks. Each has a `group`, the name of its task. Every answer is in one certain style: a list is
# numbered, a rating is written in stars, and so on. Nothing in the question says so: only a demonstration can tell.

# %%
assessment = spark.read.json(str(home / "tools/tiny-icl/demo/assessment.jsonl"))
assessment.groupBy("group").count().orderBy("group").show()
assessment.select("group", "instruction", "output").orderBy("instruction").show(3, truncate=60)

# %% [markdown]
# ## Score
#
# 240 samples are drawn and each is put in front of each of the 48 examples. The work goes to a *run folder*. If it is
# interrupted, the same call goes on where it stopped; if it is complete, the same call returns at once.

# %%
settings = dict(
    model=str(home / "tools/tiny-icl/model"),
    assessment=assessment,
    candidates=240,
    out=str(home / "runs/notebooks"),
    settings={"model.threads": 1},
)
run = icon_spark.score(samples, **settings)
run.pairs().count()

# %% [markdown]
# One row for each candidate. `contribution` is the mean over the examples, `standard_error` says how sure that is, and
# `consistency` is the share of the examples that the candidate helps.

# %%
contributions = run.contributions().select(
    "sample_id", "contribution", "standard_error", "consistency", "demonstration_tokens"
)
best_first = contributions.orderBy(F.desc("contribution"), "sample_id")
best_first.limit(5).toPandas().round(3)

# %% [markdown]
# ## Select
#
# A small model, the *selector*, learns from the 240 measured candidates to predict the others, so that the whole pool can be
# ranked. `"15%"` is the budget; a number of samples (`"50"`) or of tokens (`"20000tokens"`) works too. What was scored above is
# not scored again.

# %%
selected = icon_spark.select(samples, "15%", **settings).cache()
selected.select("position", "score", "origin", "instruction", "output").limit(8).toPandas().round(3)

# %% [markdown]
# Rows without an answer were rejected before anything was scored, and duplicates would have been dropped. The manifest has
# all the counts.

# %%
counts = run.manifest()["counts"]
{name: counts[name] for name in ("read", "rejects", "duplicates", "pool", "scored", "selected")}

# %% [markdown]
# ## Was that any good?
#
# `right-style` are the samples that were made to help.

# %%
pool_share = samples.filter("planted = 'right-style'").count() / counts["pool"]
share = selected.filter("planted = 'right-style'").count() / selected.count()
print(f"right-style in the pool: {pool_share:.0%}, in the selection: {share:.0%}")
assert share > 2 * pool_share

# %% [markdown]
# ## As a stage of a pipeline
#
# The same work as a stage of `pyspark.ml`: it appends the columns of the contributions to the rows, and stands between other
# stages. Pipelines with it can be saved and loaded.

# %%
from pyspark.ml import Pipeline
from pyspark.ml.feature import SQLTransformer

scorer = icon_spark.IconScorer(
    model=settings["model"],
    assessment=assessment,
    run_folder=settings["out"],
    candidates=240,
    settings={"model.threads": 1},
)
helpful = SQLTransformer(
    statement="SELECT planted, count(*) AS helpful FROM __THIS__"
    " WHERE contribution > 2 * standard_error GROUP BY planted"
)
Pipeline(stages=[scorer, helpful]).fit(samples).transform(samples).orderBy(F.desc("helpful")).show()

# %%
spark.stop()
