package ai.icon.spark.config;

import java.io.Serializable;
import java.util.Map;

/**
 * What is looked at before a run begins; changes no result.
 *
 * @param doctor whether the doctor's checks are made, and their refusals count
 * @param executorWaitSeconds how long no executor may come; 0 for no limit
 */
public record CheckConfig(boolean doctor, int executorWaitSeconds) implements Serializable {
  private static final String WAIT = "be a whole number of seconds from 1, or 0 for no limit";

  /** Checks every rule. */
  public CheckConfig {
    Setting.RUN_EXECUTOR_WAIT.check(executorWaitSeconds >= 0, WAIT, executorWaitSeconds);
  }

  static CheckConfig read(SettingReader reader) {
    String doctor = reader.text(Setting.RUN_DOCTOR);
    boolean isOn = doctor.equals("true");
    Setting.RUN_DOCTOR.check(isOn || doctor.equals("false"), "be true or false", doctor);
    return new CheckConfig(isOn, reader.whole(Setting.RUN_EXECUTOR_WAIT, WAIT));
  }

  void write(Map<Setting, Object> values) {
    values.put(Setting.RUN_DOCTOR, Boolean.toString(doctor));
    values.put(Setting.RUN_EXECUTOR_WAIT, Integer.toString(executorWaitSeconds));
  }
}
