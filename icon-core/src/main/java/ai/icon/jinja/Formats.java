package ai.icon.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's text % values. */
@SuppressWarnings("ArgumentSelectionDefectChecker") // begin and end of what lies between
final class Formats {
  private static final Pattern DIRECTIVE =
      Pattern.compile("%([-0+ #]*)(\\d*)(?:\\.(\\d*))?(.?)", Pattern.DOTALL);
  private static final int MAX_DIGITS = 1_000;

  private Formats() {}

  static Value format(String format, Value given) {
    Iterator<Value> values =
        given instanceof Items items && items.isTuple()
            ? items.iterator()
            : List.of(given).iterator();
    Matcher directive = DIRECTIVE.matcher(format);
    StringBuilder text = new StringBuilder();
    int end = 0;
    while (directive.find()) {
      text.append(format, end, directive.start());
      end = directive.end();
      text.append(directive.group(4).equals("%") ? "%" : directive(directive, values));
      if (text.length() > Text.MAX_LENGTH) {
        throw Text.tooLong();
      }
    }
    if (values.hasNext()
        && !(given instanceof Mapping)
        && !(given instanceof Items items && !items.isTuple())) {
      throw new Failure("not all values were used by the format " + PythonText.quoted(format));
    }
    return new Text(text.append(format, end, format.length()).toString());
  }

  private static String directive(Matcher directive, Iterator<Value> values) {
    int width = number(directive.group(2), 0);
    int precision = number(directive.group(3), -1);
    String flags = directive.group(1);
    if (!values.hasNext()) {
      throw new Failure("a format has more directives than values");
    }
    Value value = values.next();
    String text =
        switch (directive.group(4)) {
          case "s" -> cut(value.text(), precision);
          case "r" -> cut(value.repr(), precision);
          case "d", "i", "u" -> signed(whole(value).toString(), flags);
          case "x" -> signed(whole(value).toString(16), flags);
          case "X" -> signed(PythonText.upper(whole(value).toString(16)), flags);
          case "f", "F" -> signed(fixed(value, precision < 0 ? 6 : precision), flags);
          default -> throw new Failure("the directive " + directive.group() + " is not supported");
        };
    return padded(text, width, flags, "sr".contains(directive.group(4)));
  }

  private static int number(String digits, int otherwise) {
    if (digits == null) {
      return otherwise;
    }
    if (digits.length() > 9) {
      throw new Failure("a format asks for too many characters: " + digits);
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static String cut(String text, int precision) {
    return precision < 0 || PythonText.length(text) <= precision
        ? text
        : text.substring(0, text.offsetByCodePoints(0, precision));
  }

  private static String signed(String number, String flags) {
    if (number.startsWith("-")) {
      return number;
    }
    return flags.contains("+") ? "+" + number : flags.contains(" ") ? " " + number : number;
  }

  private static BigInteger whole(Value value) {
    if (value instanceof Numeric number && number.isWhole()) {
      return number.whole();
    }
    if (value instanceof Real real
        && !Double.isNaN(real.real())
        && !Double.isInfinite(real.real())) {
      return new BigDecimal(real.real()).toBigInteger();
    }
    throw new Failure("%d needs a number, got a value of type " + value.type());
  }

  private static String fixed(Value value, int precision) {
    if (!(value instanceof Numeric number) || precision > MAX_DIGITS) {
      throw new Failure("%f needs a number and at most " + MAX_DIGITS + " digits");
    }
    if (Double.isNaN(number.real()) || Double.isInfinite(number.real())) {
      return new Real(number.real()).repr();
    }
    String digits =
        new BigDecimal(number.real()).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    boolean isNegativeZero =
        !digits.startsWith("-") && (number.real() < 0 || 1 / number.real() < 0);
    return isNegativeZero ? "-" + digits : digits;
  }

  private static String padded(String text, int width, String flags, boolean isText) {
    long missing = (long) width - PythonText.length(text);
    if (missing <= 0) {
      return text;
    }
    if (flags.contains("-")) {
      return text + TextMethods.repeat(" ", missing);
    }
    if (isText || !flags.contains("0")) {
      return TextMethods.repeat(" ", missing) + text;
    }
    int sign = text.startsWith("-") || text.startsWith("+") || text.startsWith(" ") ? 1 : 0;
    return text.substring(0, sign) + TextMethods.repeat("0", missing) + text.substring(sign);
  }
}
