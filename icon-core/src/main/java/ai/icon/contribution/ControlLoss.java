package ai.icon.contribution;

import java.io.Serializable;

/**
 * The loss of one assessed example behind one control: a row of the {@code control} table.
 *
 * @param bucket length of the control, tokens
 * @param draw which of the bucket's draws, from 0
 * @param assessedIndex place of the example in its {@code AssessmentSet}, from 0
 * @param nll ℓ(S|R), nats per token; NaN or infinite where the model gave no finite number
 */
public record ControlLoss(int bucket, int draw, int assessedIndex, double nll)
    implements Serializable {}
