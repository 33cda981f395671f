/**
 * Prompts: templates, the tokenizer's contract, and the one place where token sequences are built.
 */
package ai.icon.prompt;
