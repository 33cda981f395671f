/**
 * Checkpoints: Hugging Face folders whose files are checked down to every tensor's bytes before
 * anything native sees them. No pickle is ever loaded.
 */
package ai.icon.checkpoint;
