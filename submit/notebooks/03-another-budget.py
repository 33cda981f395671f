# %% [markdown]
# # Another budget, other weights
#
# Scoring is the dear part of a run, and what it leaves is kept: the table of pairs. Another budget is another cut of the same
# ranking. Other weights of the tasks are other sums over the same pairs. Neither needs the model, a GPU or a second run; this
# notebook never names the model. Run `01-score-and-select` first.

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

run = icon_spark.open_run(str(home / "runs/notebooks"))

# %% [markdown]
# ## Another budget
#
# A larger budget takes more of the same ranking; the share of samples that were made to help (`right-style`) falls as the
# budget nears their number. `score` is the score of the last one taken.

# %%
rows = []
for budget in ("5%", "15%", "30%", "60%", "3000tokens"):
    selection = run.selection(budget)
    rows.append(
        selection.agg(
            F.lit(budget).alias("budget"),
            F.count("*").alias("samples"),
            F.avg((F.col("planted") == "right-style").cast("double")).alias("right_style"),
            F.min("score").alias("score"),
        ).first()
    )
spark.createDataFrame(rows).toPandas().round(3)

# %% [markdown]
# ## Other weights
#
# Every assessed example belongs to a group. By default all count alike. Say that lists and sorting matter most to you, and that
# labels do not matter at all.

# %%
weights = {"listing": 3, "sorting": 3, "labelling": 0}
then = run.contributions().select("sample_id", F.col("contribution").alias("alike"))
now = run.contributions(weights).select("sample_id", F.col("contribution").alias("weighed"))
both = then.join(now, "sample_id").toPandas()
both[["alike", "weighed"]].corr(method="spearman").round(3)

# %% [markdown]
# With the run's own weights, the stored pairs give the stored contributions again, to the last bit.

# %%
same = run.contributions({}).join(run.contributions(), "sample_id")
a, b = run.contributions({}).alias("a"), run.contributions().alias("b")
differ = a.join(b, "sample_id").filter(F.col("a.contribution") != F.col("b.contribution")).count()
assert differ == 0
differ

# %% [markdown]
# What does the selection look like? Each selected sample is counted for the task that it helps most.

# %%
def helps_most(selection):
    best = run.contributions().select(
        "sample_id", F.explode("group_contribution").alias("group", "mean")
    )
    best = best.groupBy("sample_id").agg(F.max_by("group", "mean").alias("group"))
    return selection.join(best, "sample_id").groupBy("group").count()


alike = helps_most(run.selection("40", {})).withColumnRenamed("count", "alike")
weighed = helps_most(run.selection("40", weights)).withColumnRenamed("count", "weighed")
table = alike.join(weighed, "group", "full").fillna(0).orderBy("group").toPandas()
table

# %% [markdown]
# The selection has moved towards the tasks that count.

# %%
wanted = table["group"].isin(["listing", "sorting"])
assert table.loc[wanted, "weighed"].sum() > table.loc[wanted, "alike"].sum()

# %% [markdown]
# ## What this cannot do
#
# With other weights only measured candidates are ranked: what the selector predicts of the others was learnt from the run's own
# weights. A budget beyond the measured ones is refused, with the cure.

# %%
try:
    run.selection("90%", weights)
except icon_spark.IconError as refused:
    print(refused.message)
    print(refused.cure)
else:
    raise AssertionError("more was selected than was measured")

# %%
spark.stop()
