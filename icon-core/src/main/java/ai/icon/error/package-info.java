/** What a user can mend, and what the machine lacks. Imports nothing. */
package ai.icon.error;
