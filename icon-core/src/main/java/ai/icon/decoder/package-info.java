/** What a decoder is made of, as data, and the program that runs it, as text. No native code. */
package ai.icon.decoder;
