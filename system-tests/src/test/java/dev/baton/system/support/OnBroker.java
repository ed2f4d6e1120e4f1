package dev.baton.system.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class and its nested classes run on a standalone that works on this kind of broker. They may take a
 * {@link BatonClient} (of a standalone that all tests of the kind share) and a {@link Broker} (to start their own).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(BrokerExtension.class)
public @interface OnBroker {
    BrokerKind value();

    /** The implementations of {@link Broker}. */
    enum BrokerKind {
        EMBEDDED,
        CONTAINER
    }
}
