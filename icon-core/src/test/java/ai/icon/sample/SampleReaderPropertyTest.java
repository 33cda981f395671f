package ai.icon.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Read = accepted + rejected, in order, whatever the mixture. */
class SampleReaderPropertyTest {
  @Property(tries = 300, seed = "20260101")
  void everyLineIsAcceptedOrRejectedInItsPlace(
      @ForAll @Size(max = 60) List<@IntRange(max = 99) Integer> mixture, @ForAll boolean zipped) {
    StringBuilder file = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int pick : mixture) {
      int line = expected.size() + 1;
      if (pick < RejectReasonTest.BAD_ROWS.size()) {
        String[] bad = RejectReasonTest.BAD_ROWS.get(pick).split("\\|", 2);
        file.append(bad[1]).append('\n');
        expected.add(line + " !" + bad[0]);
      } else {
        file.append(Rows.good("row " + line)).append(pick % 2 == 0 ? "\r\n" : "\n");
        expected.add(line + " row " + line);
      }
    }
    // A first line with a bracket would be an array; none of the rows starts with one.
    byte[] bytes = Rows.gzip(file.toString());
    List<SampleRow> rows = zipped ? Rows.read(bytes) : Rows.read(file.toString());
    assertThat(Rows.shown(rows)).isEqualTo(expected);
  }

  @Property(tries = 300, seed = "20260102")
  void anArrayReadsAsItsLinesDo(@ForAll @Size(max = 40) List<@IntRange(max = 99) Integer> mixture) {
    List<String> rows = new ArrayList<>();
    for (int pick : mixture) {
      boolean bad = pick < RejectReasonTest.BAD_ROWS.size();
      String row = bad ? RejectReasonTest.BAD_ROWS.get(pick).split("\\|", 2)[1] : Rows.good("r");
      // Rows that end early take in what follows them in an array; commas have no row there.
      boolean selfContained = !Rows.rejectedFor(row, RejectReason.TRUNCATED_JSON);
      if (selfContained && !Rows.rejectedFor(row, RejectReason.TRAILING_CONTENT)) {
        rows.add(row.equals("instruction,output") ? "instruction" : row);
      }
    }
    List<String> asArray = Rows.shown(Rows.read("[" + String.join("\n,", rows) + "]"));
    assertThat(asArray).isEqualTo(Rows.shown(Rows.read(String.join("\n", rows))));
  }
}
