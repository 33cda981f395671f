/**
 * The selector: a model that predicts a sample's contribution from the sample alone, trained on the
 * scored candidates, and the report that says how far it can be trusted.
 */
package ai.icon.selector;
