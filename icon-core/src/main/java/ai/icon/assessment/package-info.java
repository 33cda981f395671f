/** The fixed examples on which the model's loss is watched, and how they are drawn. */
package ai.icon.assessment;
