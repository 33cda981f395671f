/** Samples: what they are, how they are named, and how files of every shape become them. */
package ai.icon.sample;
