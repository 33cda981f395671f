/**
 * The method itself: what a demonstration does to the loss of assessed examples, pair by pair, and
 * what that says of the demonstration (method.md, Pair contribution and Global contribution).
 */
package ai.icon.contribution;
