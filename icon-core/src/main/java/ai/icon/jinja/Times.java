package ai.icon.jinja;

import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Python's strftime in the C locale. */
@SuppressWarnings("IncrementInForLoopAndHeader") // a directive is two characters or three
final class Times {
  private Times() {}

  static String format(LocalDateTime time, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        text.append(c);
        continue;
      }
      i++;
      boolean unpadded = i < format.length() && format.charAt(i) == '-';
      i += unpadded ? 1 : 0;
      if (i >= format.length()) {
        throw new Failure("strftime_now: the format ends with a %");
      }
      String field = field(time, format.charAt(i));
      text.append(unpadded ? field.replaceFirst("^[0 ]+(?=.)", "") : field);
    }
    return text.toString();
  }

  private static String field(LocalDateTime time, char directive) {
    return switch (directive) {
      case 'Y' -> Integer.toString(time.getYear());
      case 'y' -> padded(time.getYear() % 100, 2);
      case 'm' -> padded(time.getMonthValue(), 2);
      case 'd' -> padded(time.getDayOfMonth(), 2);
      case 'e' -> String.format(Locale.ROOT, "%2d", time.getDayOfMonth());
      case 'H' -> padded(time.getHour(), 2);
      case 'I' -> padded(time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2);
      case 'M' -> padded(time.getMinute(), 2);
      case 'S' -> padded(time.getSecond(), 2);
      case 'f' -> padded(time.getNano() / 1_000, 6);
      case 'j' -> padded(time.getDayOfYear(), 3);
      case 'p' -> time.getHour() < 12 ? "AM" : "PM";
      case 'a' -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'A' -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> month(time).substring(0, 3);
      case 'B' -> month(time);
      case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
      case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
      case 'F' -> format(time, "%Y-%m-%d");
      case 'T' -> format(time, "%H:%M:%S");
      case 'D' -> format(time, "%m/%d/%y");
      case 'R' -> format(time, "%H:%M");
      case 'z', 'Z' -> "";
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      default -> throw new Failure("strftime_now: %" + directive + " is not supported");
    };
  }

  private static String month(LocalDateTime time) {
    return time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
  }

  private static String padded(int number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "d", number);
  }
}
