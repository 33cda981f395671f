/** Losses: the contract of a model that encodes a prefix once and scores many continuations. */
package ai.icon.loss;
