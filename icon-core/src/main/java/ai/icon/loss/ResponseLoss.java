package ai.icon.loss;

/**
 * The loss of one response.
 *
 * @param tokenNll negative log-likelihood of every response token given all before it, nats; NaN or
 *     infinite where the model gave no finite number
 */
public record ResponseLoss(float[] tokenNll) {
  /** Copies the values and checks that there is one. */
  public ResponseLoss {
    tokenNll = tokenNll.clone();
    if (tokenNll.length == 0) {
      throw new IllegalArgumentException("Invalid response loss: no token");
    }
  }

  @Override
  public float[] tokenNll() {
    return tokenNll.clone();
  }

  /** Mean over all response tokens, nats per token (method.md, Loss); NaN if any token's is. */
  public double meanNll() {
    double sum = 0;
    for (float nll : tokenNll) {
      sum += nll;
    }
    return sum / tokenNll.length;
  }
}
