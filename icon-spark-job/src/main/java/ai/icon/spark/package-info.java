/** The distributed job. */
package ai.icon.spark;
