/**
 * Jinja templates as Python's jinja2 renders them in its immutable sandbox, as far as chat
 * templates need it: text in, text out. Values are Python's ({@link ai.icon.jinja.Value}); what is
 * not known is refused with name and line. Knows nothing of chats.
 */
package ai.icon.jinja;
