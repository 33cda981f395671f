/** Where a result comes from: its manifest, and counts that add up. Imports nothing. */
package ai.icon.provenance;
