package dev.baton.ingress.http;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.json.Json;

/** Takes typed fields out of a request's JSON object; a field that does not fit ends the request with a 400. */
final class FormReader {
    private final ObjectNode form;
    /** Path of {@link #form} inside the body, ending with a dot, or empty. */
    private final String prefix;

    FormReader(ObjectNode form) {
        this(form, "");
    }

    private FormReader(ObjectNode form, String prefix) {
        this.form = form;
        this.prefix = prefix;
    }

    boolean has(String field) {
        return form.has(field);
    }

    boolean isNull(String field) {
        return form.has(field) && form.get(field).isNull();
    }

    /** The field's value, null when it is absent or JSON null. */
    private JsonNode value(String field) {
        JsonNode value = form.get(field);
        return value == null || value.isNull() ? null : value;
    }

    String requiredText(String field, int charsMin, int charsMax) {
        String text = optionalText(field, charsMin, charsMax);
        if (text == null) {
            throw invalid(field, "is required");
        }
        return text;
    }

    String optionalText(String field, int charsMin, int charsMax) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(field, "must be a string");
        }
        return bounded(field, value.textValue(), charsMin, charsMax);
    }

    /** Without white space around it; the bounds count what is left. */
    String optionalTrimmedText(String field, int charsMin, int charsMax) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(field, "must be a string");
        }
        return bounded(field, JsText.trim(value.textValue()), charsMin, charsMax);
    }

    private String bounded(String field, String text, int charsMin, int charsMax) {
        if (text.length() < charsMin || text.length() > charsMax) {
            throw invalid(field, "must have " + charsMin + " to " + charsMax + " characters");
        }
        return text;
    }

    List<String> optionalTexts(String field, int countMax, int charsMax) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isArray() || value.size() > countMax) {
            throw invalid(field, "must be an array of at most " + countMax + " strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isTextual() || element.textValue().length() > charsMax) {
                throw invalid(field, "must hold strings of at most " + charsMax + " characters");
            }
            texts.add(element.textValue());
        }
        return List.copyOf(texts);
    }

    Integer optionalInt(String field, int min, int max) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        boolean whole = value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToInt();
        if (!whole || value.intValue() < min || value.intValue() > max) {
            throw invalid(field, "must be a whole number from " + min + (max == Integer.MAX_VALUE ? "" : " to " + max));
        }
        return value.intValue();
    }

    Json optionalObject(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            throw invalid(field, "must be an object");
        }
        return Json.of(value);
    }

    /** @return null when the field is absent */
    JsonNode optionalAny(String field) {
        return value(field);
    }

    FormReader requiredForm(String field) {
        if (value(field) instanceof ObjectNode nested) {
            return new FormReader(nested, prefix + field + ".");
        }
        throw invalid(field, value(field) == null ? "is required" : "must be an object");
    }

    /** Epoch milliseconds of a date as JavaScript's {@code new Date()} takes it: see {@link JsText}. */
    Long optionalTime(String field) {
        JsonNode value = value(field);
        if (value == null) {
            return null;
        }
        Long time = value.isNumber()
                ? JsText.time(value.doubleValue())
                : value.isTextual()
                        ? JsText.time(value.textValue())
                        : null;
        if (time == null) {
            throw invalid(field, "must be a date");
        }
        return time;
    }

    HttpFailure invalid(String field, String what) {
        return Failures.invalidField(prefix + field + " " + what);
    }
}
