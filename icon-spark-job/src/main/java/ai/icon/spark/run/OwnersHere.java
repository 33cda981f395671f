package ai.icon.spark.run;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The drivers of this process that have not let their runs go. A process such as a notebook's
 * outlives many drivers: that it lives says nothing of one that ended without a word.
 */
final class OwnersHere {
  private static final Set<String> OWNERS = ConcurrentHashMap.newKeySet();

  private OwnersHere() {}

  static void add(String owner) {
    OWNERS.add(owner);
  }

  static void remove(String owner) {
    OWNERS.remove(owner);
  }

  static boolean contains(String owner) {
    return OWNERS.contains(owner);
  }
}
