package dev.baton.system.fuzz;

import java.io.UncheckedIOException;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.system.support.RawAnswer;
import dev.baton.wire.json.WireJson;

/** Holds an answer against what is documented for the route. */
final class Judge {
    private Judge() {}

    /** What is wrong with it, if anything is. */
    static Optional<String> complaint(Draft draft, RawAnswer answer) {
        if (!draft.statuses().contains(answer.status())) {
            return Optional.of("status " + answer.status() + " is not one of " + draft.statuses());
        }
        boolean forBrowsers = draft.route.forBrowsers() && !draft.elsewhere;
        if (forBrowsers && answer.header("Access-Control-Allow-Origin").isEmpty()) {
            return Optional.of("no Access-Control-Allow-Origin (contract §0.8)");
        }
        if (answer.body().contains("Exception") || answer.body().contains("\tat ")
                || answer.body().contains("dev.baton.")) {
            return Optional.of("the body shows what the server is made of");
        }
        return answer.status() < 400 || draft.method.equals("HEAD") ? Optional.empty() : formComplaint(draft, answer);
    }

    private static Optional<String> formComplaint(Draft draft, RawAnswer answer) {
        String type = answer.contentType();
        if (type.startsWith("text/plain") && (draft.elsewhere || draft.route.answersText())) {
            return Optional.empty();
        }
        if (!type.startsWith("application/json") && !type.startsWith("application/problem+json")) {
            return Optional.of("an error of the type '" + type + "'");
        }
        try {
            JsonNode error = WireJson.readTree(answer.body());
            boolean documented = error.path("error").isTextual()
                    || error.path("code").isTextual() && error.path("message").isTextual();
            return documented ? Optional.empty() : Optional.of("neither {error} nor {code, message}");
        } catch (UncheckedIOException e) {
            return Optional.of("no JSON");
        }
    }
}
