package dev.baton.system.support;

import java.util.Optional;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

import dev.baton.system.support.OnBroker.BrokerKind;

/**
 * Gives tests their broker and their Baton. One broker and one shared standalone per kind live in the root store from
 * the first test that asks until the end of the whole run: starting one takes seconds, and chats do not see each other.
 */
final class BrokerExtension implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(BrokerExtension.class);
    private static final int TAIL_LINES = 60;

    /**
     * Closed by the store: the standalone before its broker, in the opposite order of their creation.
     *
     * @param failure why it did not start, so that every test says so at once; else null, and the process is there
     */
    private record SharedStandalone(StandaloneProcess process, Throwable failure) implements AutoCloseable {
        static SharedStandalone start(Broker broker) {
            try {
                return new SharedStandalone(StandaloneProcess.start(broker), null);
            } catch (AssertionError e) {
                return new SharedStandalone(null, e);
            }
        }

        BatonClient client() {
            if (failure != null) {
                throw new IllegalStateException("the shared standalone did not start", failure);
            }
            return process.client();
        }

        @Override
        public void close() {
            if (process != null) {
                process.close();
            }
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean topLevel = context.getTestClass().filter(type -> type.isAnnotationPresent(OnBroker.class)).isPresent()
                && context.getTestMethod().isEmpty();
        if (topLevel && kind(context) == BrokerKind.CONTAINER && !ContainerBroker.possible()) {
            String reason = "no Docker engine found, so the container variant of the broker tests ("
                    + context.getRequiredTestClass().getSimpleName() + ") did not run";
            System.out.println("SKIPPED: " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }
        return ConditionEvaluationResult.enabled("the broker can be had");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == BatonClient.class || type == Broker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Broker.class
                ? broker(context)
                : shared(context).client();
    }

    /** Shows what the shared process said when a test failed; tests with their own process show that one. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        Optional<SharedStandalone> shared = Optional
                .ofNullable(context.getRoot().getStore(NAMESPACE).get(kind(context), SharedStandalone.class))
                .filter(each -> each.process() != null);
        if (context.getExecutionException().isPresent() && shared.isPresent()) {
            StandaloneProcess process = shared.get().process();
            System.out.println("FAILED: " + context.getDisplayName() + "; the shared standalone ("
                    + (process.process().alive() ? "alive" : "dead") + ", " + process.log() + ") said last:\n"
                    + process.process().tail(TAIL_LINES));
        }
    }

    private static SharedStandalone shared(ExtensionContext context) {
        Broker broker = broker(context);
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(kind(context),
                kind -> SharedStandalone.start(broker), SharedStandalone.class);
    }

    private static Broker broker(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent("broker " + kind(context),
                key -> switch (kind(context)) {
                    case EMBEDDED -> new EmbeddedBroker();
                    case CONTAINER -> ContainerBroker.start();
                }, Broker.class);
    }

    private static BrokerKind kind(ExtensionContext context) {
        return AnnotationSupport
                .findAnnotation(context.getRequiredTestClass(), OnBroker.class, context.getEnclosingTestClasses())
                .orElseThrow(() -> new IllegalStateException("expected @OnBroker")).value();
    }
}
