package ai.icon.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void fingerprintIsTheSha256OfLengthPrefixedSortedPairs() {
    // python3 -c "import hashlib,struct;print(hashlib.sha256(b''.join(struct.pack('>i',len(x))+x
    //   for x in (b'a', b'1', b'b', b'2'))).hexdigest())"
    assertThat(Fingerprint.of(Map.of("b", "2", "a", "1")))
        .isEqualTo("6fa2d87f48fc7ddfb9c9c24286fcecde682451938882795954eb5aba74c19968");
  }

  @Test
  void orderOfTheMapDoesNotMatter() {
    Map<String, String> one = new LinkedHashMap<>();
    one.put("x", "1");
    one.put("a", "2");
    Map<String, String> other = new LinkedHashMap<>();
    other.put("a", "2");
    other.put("x", "1");
    assertThat(Fingerprint.of(one)).isEqualTo(Fingerprint.of(other));
  }

  @Test
  void borderBetweenKeyAndValueMatters() {
    assertThat(Fingerprint.of(Map.of("ab", "c"))).isNotEqualTo(Fingerprint.of(Map.of("a", "bc")));
  }

  @Test
  void differenceNamesEveryKeyThatDiffers() {
    Difference difference =
        Difference.between(
            Map.of("seed", "1", "model", "m", "old", "x"),
            Map.of("seed", "2", "model", "m", "new", ""));
    assertThat(difference.lines())
        .containsExactly(
            "new: was not set, now ''", "old: was 'x', now not set", "seed: was '1', now '2'");
    assertThat(difference.isEmpty()).isFalse();
    assertThat(Difference.between(Map.of("a", "b"), Map.of("a", "b")).isEmpty()).isTrue();
  }
}
