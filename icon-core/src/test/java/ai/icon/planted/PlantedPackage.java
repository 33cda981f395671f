package ai.icon.planted;

/** Planted: stands in a package that the table does not know. */
public final class PlantedPackage {}
