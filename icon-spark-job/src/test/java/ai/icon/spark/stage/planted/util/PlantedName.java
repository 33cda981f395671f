package ai.icon.spark.stage.planted.util;

/** Planted: a package whose name says nothing. */
public final class PlantedName {}
