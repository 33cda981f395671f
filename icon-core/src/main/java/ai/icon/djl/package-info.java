/**
 * The only package that sees {@code ai.djl}: libtorch behind the contracts of {@code loss}, {@code
 * prompt} and {@code selector}. No native array leaves it.
 */
package ai.icon.djl;
