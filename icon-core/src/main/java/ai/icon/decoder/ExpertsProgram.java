package ai.icon.decoder;

/**
 * Writes a mixture of experts: reads {@code h} [B, S, H] and {@code at}, leaves {@code f} of the
 * same shape. Each expert runs once, over the tokens that chose it.
 */
final class ExpertsProgram {
  private static final String TEXT =
      """
      flat = torch.reshape(h, [-1, ${hidden}])
      odds = torch.softmax(torch.to(torch.linear(flat, weights[torch.add(at, ${router})]), 6), -1)
      best, chosen, = torch.topk(odds, ${active}, -1, True, True)
      ${normalise}
      shares = torch.reshape(best, [-1])
      chosen = torch.reshape(chosen, [-1])
      mixed = torch.zeros_like(flat)
      for expert in range(${experts}):
        hit = torch.reshape(torch.nonzero(torch.eq(chosen, expert)), [-1])
        if torch.gt(torch.size(hit, 0), 0):
          first = torch.add(torch.add(at, ${first}), torch.mul(expert, 3))
          token = torch.floor_divide(hit, ${active})
          some = torch.index_select(flat, 0, token)
          g = torch.linear(some, weights[first])
          g = torch.mul(${activation}, torch.linear(some, weights[torch.add(first, 1)]))
          g = torch.linear(g, weights[torch.add(first, 2)])
          share = torch.to(torch.index_select(shares, 0, hit), ops.prim.dtype(g))
          g = torch.mul(g, torch.unsqueeze(share, 1))
          mixed = torch.index_add(mixed, 0, token, g)
        else:
          pass
      f = torch.reshape(mixed, [batch, tokens, ${hidden}])
      """;

  private ExpertsProgram() {}

  static String of(FeedForward.Experts experts, BlockLayout layout, int hidden) {
    // Softmax over all, cut to the best and made to add up to 1, is softmax over the best.
    String normalise =
        experts.isNormalised() ? "best = torch.div(best, torch.sum(best, [-1], True))" : "pass";
    return TEXT.replace("${hidden}", Integer.toString(hidden))
        .replace("${router}", Integer.toString(layout.place(Role.ROUTER)))
        .replace("${active}", Integer.toString(experts.active()))
        .replace("${normalise}", normalise)
        .replace("${experts}", Integer.toString(experts.experts()))
        .replace("${first}", Integer.toString(layout.place(Role.EXPERT_GATE)))
        .replace("${activation}", experts.activation().of("g"));
  }
}
