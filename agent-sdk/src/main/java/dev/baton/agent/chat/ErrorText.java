package dev.baton.agent.chat;

import java.util.function.Function;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the browser is told of an error. */
final class ErrorText {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorText.class);
    /** Contract §7.7, in characters. */
    private static final int CHARS_MAX = 1_000;

    private ErrorText() {}

    /** Nothing internal. */
    static String ofDefault(Exception error) {
        return error instanceof ClientDataException ? error.getMessage() : ChatAgent.ERROR_TEXT_DEFAULT;
    }

    /** A wording that fails or finds no words must not hide the error: the default is said then. */
    static String of(Exception error, Function<? super Exception, String> wording) {
        String text = null;
        try {
            text = wording.apply(error);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("error", e.getClass().getName()).log("onError failed, saying the default");
        }
        if (text == null || text.isBlank()) {
            return ofDefault(error);
        }
        return text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    }
}
