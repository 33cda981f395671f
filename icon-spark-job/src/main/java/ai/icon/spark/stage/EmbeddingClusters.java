package ai.icon.spark.stage;

import ai.icon.assessment.AssessmentDraw;
import ai.icon.error.UserError;
import ai.icon.sample.SeededHash;
import ai.icon.spark.rows.Columns;
import ai.icon.spark.rows.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Draws examples spread over k-means clusters of the model's own embeddings (Spark ML). */
final class EmbeddingClusters {
  /** Samples that are embedded for a draw, at the most: enough to find the clusters. */
  private static final int EMBEDDED = 2_000;

  /** The paper's assessment set has 16 groups; every group should have several examples. */
  private static final int CLUSTERS = 16;

  private static final int EXAMPLES_PER_CLUSTER = 4;
  private static final String VECTOR = "vector";

  private final StageContext context;

  EmbeddingClusters(StageContext context) {
    this.context = context;
  }

  /**
   * Draws examples; the one nearest to each centre is always among them.
   *
   * @return cluster name by id of the drawn samples
   */
  Map<String, String> draw(int examples) {
    List<Row> samples = sample(examples);
    if (samples.size() < examples) {
      throw new UserError(
          "Cannot draw " + examples + " examples: the pool has " + samples.size() + " samples.",
          "Use a smaller --assessment-size.");
    }
    List<float[]> vectors = new Embeddings(context).of(samples);
    int clusters = Math.max(1, Math.min(CLUSTERS, examples / EXAMPLES_PER_CLUSTER));
    List<AssessmentDraw.Placed> placed = place(samples, vectors, clusters);
    Map<String, Integer> clusterById = new TreeMap<>();
    placed.forEach(one -> clusterById.put(one.id(), one.cluster()));
    Map<String, String> drawn = new TreeMap<>();
    new AssessmentDraw(context.config().seed())
        .clustered(placed, examples)
        .forEach(id -> drawn.put(id, "cluster-" + clusterById.get(id)));
    return drawn;
  }

  private List<Row> sample(int examples) {
    SeededHash hash = new SeededHash(context.config().seed(), "clustered samples");
    Comparator<Row> order =
        (Comparator<Row> & java.io.Serializable)
            (one, other) -> {
              String first = one.getAs(Columns.SAMPLE_ID);
              String second = other.getAs(Columns.SAMPLE_ID);
              int byHash = Long.compareUnsigned(hash.of(first), hash.of(second));
              return byHash != 0 ? byHash : first.compareTo(second);
            };
    return context
        .read(Table.SAMPLES)
        .filter(functions.col(Columns.RESPONSE_TOKENS).geq(1))
        .javaRDD()
        .takeOrdered(Math.max(EMBEDDED, examples), order);
  }

  private List<AssessmentDraw.Placed> place(
      List<Row> samples, List<float[]> vectors, int clusters) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      rows.add(RowFactory.create(samples.get(i).getAs(Columns.SAMPLE_ID), vector(vectors.get(i))));
    }
    StructType schema =
        new StructType()
            .add(Columns.SAMPLE_ID, DataTypes.StringType, false)
            .add(VECTOR, SQLDataTypes.VectorType(), false);
    // One partition in a defined order: k-means sums vectors, and sums know their order.
    Dataset<Row> frame = context.spark().createDataFrame(rows, schema).coalesce(1);
    KMeansModel model =
        new KMeans()
            .setK(clusters)
            .setSeed(context.config().seed())
            .setFeaturesCol(VECTOR)
            .setPredictionCol("cluster")
            .fit(frame);
    Vector[] centres = model.clusterCenters();
    return model.transform(frame).collectAsList().stream()
        .map(
            row ->
                new AssessmentDraw.Placed(
                    row.getAs(Columns.SAMPLE_ID),
                    row.<Integer>getAs("cluster"),
                    Math.sqrt(
                        Vectors.sqdist(
                            row.<Vector>getAs(VECTOR), centres[row.<Integer>getAs("cluster")]))))
        .toList();
  }

  private static Vector vector(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return Vectors.dense(wide);
  }
}
