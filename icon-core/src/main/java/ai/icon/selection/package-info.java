/**
 * From scores to a selection: how a measured and a predicted contribution become one score, in
 * which order scores stand, and how a budget cuts that order without sorting the pool.
 */
package ai.icon.selection;
