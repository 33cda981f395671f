package org.apache.spark;

/** Stands in for Spark, which is not on the class path of core. */
public final class PlantedEngine {}
