package ai.icon.sample.planted.util;

/** Planted: a package whose name says nothing. */
public final class PlantedName {}
