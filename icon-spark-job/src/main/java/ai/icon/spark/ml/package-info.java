/**
 * The job as a library: a facade for notebooks in Java, Scala and Python, and stages of Spark ML.
 * Everything works in a run folder, in the session of the caller's data frame, and throws where the
 * command line would exit.
 */
package ai.icon.spark.ml;
