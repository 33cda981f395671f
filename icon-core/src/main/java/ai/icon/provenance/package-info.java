/** Where a result comes from: fingerprints of what went in, and the manifest. Imports nothing. */
package ai.icon.provenance;
