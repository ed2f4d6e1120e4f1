package dev.baton.examples;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;

import dev.baton.agent.langchain4j.testing.ScriptedModel;
import dev.baton.wire.service.Settings;

/**
 * Serves the {@link Assistant} as a process of its own. From the environment: {@code BATON_GATEWAY_URL} (default
 * {@value #GATEWAY_URL_DEFAULT}) and {@code BATON_SECRET_KEY} (default: the key of a standalone); {@code OPENAI_MODEL}, without which
 * a script plays the model, {@code OPENAI_BASE_URL} (default: OpenAI itself; any endpoint that speaks its chat completions will do)
 * and {@code OPENAI_API_KEY} (none for endpoints that want none).
 */
public final class AssistantMain {
    static final String GATEWAY_URL_DEFAULT = "http://127.0.0.1:8030";
    static final String BASE_URL_DEFAULT = "https://api.openai.com/v1";
    private static final String LOGGING = "logback.configurationFile";
    /** So that one sees the words come. */
    private static final Duration SCRIPT_PAUSE = Duration.ofMillis(40);

    private AssistantMain() {}

    public static void main(String[] args) throws InterruptedException {
        // Before the first logger. A logback.xml of ours would be a second one beside that of whoever depends on this module.
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "example-logging.xml");
        }
        Map<String, String> environment = System.getenv();
        StreamingChatModel model = model(environment);
        System.out.println("assistant: " + (model instanceof ScriptedModel
                ? "a script plays the model; OPENAI_MODEL names a real one"
                : "model " + environment.get("OPENAI_MODEL") + " at "
                        + environment.getOrDefault("OPENAI_BASE_URL", BASE_URL_DEFAULT)));
        Assistant.agent(model).serve(environment.getOrDefault("BATON_GATEWAY_URL", GATEWAY_URL_DEFAULT),
                environment.getOrDefault("BATON_SECRET_KEY", Settings.DEFAULT_SECRET_KEY));
    }

    static StreamingChatModel model(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("OPENAI_MODEL")).filter(name -> !name.isBlank())
                .<StreamingChatModel>map(name -> OpenAiStreamingChatModel.builder().modelName(name)
                        .baseUrl(environment.getOrDefault("OPENAI_BASE_URL", BASE_URL_DEFAULT))
                        .apiKey(environment.get("OPENAI_API_KEY")).returnThinking(true)
                        // Some local endpoints do not answer a request that offers HTTP/2.
                        .httpClientBuilder(JdkHttpClient.builder().httpClientBuilder(
                                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)))
                        .build())
                .orElseGet(() -> ScriptedModel.answering(AssistantScript::reply).pause(SCRIPT_PAUSE));
    }
}
