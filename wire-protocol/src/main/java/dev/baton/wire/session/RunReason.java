package dev.baton.wire.session;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Why a run exists. Labels that clients send and that are unknown here become {@link #MANUAL} (contract §1.7). */
public enum RunReason {
    INITIAL,
    CONTINUATION,
    UPGRADE,
    MANUAL;

    @JsonValue
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    @JsonCreator
    public static RunReason ofLabel(String label) {
        for (RunReason reason : values()) {
            if (reason.label().equals(label)) {
                return reason;
            }
        }
        return MANUAL;
    }
}
