package dev.baton.ingress.http;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.wire.Names;
import dev.baton.wire.json.Json;
import dev.baton.wire.session.SessionCommand.CreateSession;
import dev.baton.wire.session.TriggerConfig;

/** The body of a create, field by field (contract §1.1, §1.2). Pure. */
final class CreateSessionForm {
    private static final int TAGS_MAX = 10;
    private static final int TAG_CHARS_MAX = 128;
    private static final int EXTERNAL_ID_CHARS_MAX = 256;
    private static final int TEXT_CHARS_MAX = 128;
    private static final int LIMITS_MAX = 2;
    private static final Set<String> MACHINES = Set.of("micro", "small-1x", "small-2x", "medium-1x", "medium-2x",
            "large-1x", "large-2x");
    private static final Pattern LIMIT_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,122}");

    private CreateSessionForm() {}

    /** @param newSessionId friendly id for the case that the session is new */
    static CreateSession read(ObjectNode body, String newSessionId) {
        FormReader form = new FormReader(body);
        String type = form.requiredText("type", 1, 64);
        String externalId = externalId(form);
        String taskIdentifier = form.requiredText("taskIdentifier", 1, TEXT_CHARS_MAX);
        TriggerConfig config = triggerConfig(form.requiredForm("triggerConfig"));
        List<String> tags = form.optionalTexts("tags", TAGS_MAX, TAG_CHARS_MAX);
        Json metadata = form.optionalObject("metadata");
        Long expiresAt = form.optionalTime("expiresAt");
        refuseScopeDelimiters(externalId);
        return new CreateSession(newSessionId, externalId, type, taskIdentifier, config, tags, metadata, expiresAt);
    }

    private static String externalId(FormReader form) {
        String externalId = form.optionalTrimmedText("externalId", 1, EXTERNAL_ID_CHARS_MAX);
        if (externalId != null && Names.isFriendlySessionId(externalId)) {
            throw Failures.invalidField("externalId cannot start with '" + Names.SESSION_ID_PREFIX
                    + "' (reserved prefix for internal friendlyIds)");
        }
        return externalId;
    }

    /** These strings delimit scopes of single channels: an id that holds them could be mistaken for another's scope. */
    private static void refuseScopeDelimiters(String externalId) {
        if (externalId != null && (externalId.contains(":channels:") || externalId.endsWith(":in")
                || externalId.endsWith(":out"))) {
            throw Failures.unprocessable("externalId cannot contain \":channels:\" or end in \":out\" or \":in\"");
        }
    }

    private static TriggerConfig triggerConfig(FormReader form) {
        Json basePayload = form.optionalObject("basePayload");
        if (basePayload == null) {
            throw form.invalid("basePayload", "is required");
        }
        String machine = form.optionalText("machine", 1, TEXT_CHARS_MAX);
        if (machine != null && !MACHINES.contains(machine)) {
            throw form.invalid("machine", "is not one of the machine presets");
        }
        return new TriggerConfig(basePayload, machine, form.optionalText("queue", 0, TEXT_CHARS_MAX),
                form.optionalTexts("tags", TAGS_MAX, TAG_CHARS_MAX), form.optionalInt("maxAttempts", 1, 10),
                form.optionalInt("maxDuration", 1, Integer.MAX_VALUE),
                form.optionalText("lockToVersion", 0, RequestBody.SESSION_BYTES_MAX),
                form.optionalText("region", 0, RequestBody.SESSION_BYTES_MAX),
                form.optionalInt("idleTimeoutInSeconds", 1, 3600), concurrency(form), concurrencyKey(form),
                deploymentId(form), ttl(form));
    }

    private static List<String> concurrency(FormReader form) {
        List<String> names = form.optionalTexts("concurrency", LIMITS_MAX, TEXT_CHARS_MAX);
        if (names != null && !names.stream().allMatch(name -> LIMIT_NAME.matcher(name).matches())) {
            throw form.invalid("concurrency", "must hold names of letters, digits, '_' and '-'");
        }
        return names;
    }

    private static String concurrencyKey(FormReader form) {
        JsonNode key = form.optionalAny("concurrencyKey");
        if (key == null || key.isTextual()) {
            return key == null ? null : key.textValue();
        }
        if (key.isNumber()) {
            // Clients know one kind of number: 5.0 is their 5.
            return key.canConvertToExactIntegral() ? key.bigIntegerValue().toString() : key.asText();
        }
        throw form.invalid("concurrencyKey", "must be a string or a number");
    }

    /** Blank is absent. */
    static String deploymentId(FormReader form) {
        String id = form.optionalTrimmedText("externalDeploymentId", 0, TEXT_CHARS_MAX);
        return id == null || id.isEmpty() ? null : id;
    }

    private static Json ttl(FormReader form) {
        JsonNode ttl = form.optionalAny("ttl");
        if (ttl == null || ttl.isTextual()
                || ttl.isNumber() && ttl.canConvertToExactIntegral() && ttl.doubleValue() >= 0) {
            return ttl == null ? null : Json.of(ttl);
        }
        throw form.invalid("ttl", "must be a duration text or a whole number of seconds");
    }
}
