package dev.baton.system;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Both variants of the broker run the same test classes (issue 2 item 10). */
class BrokerVariantsTest {
    @Test
    @DisplayName("issue 2 item 10: the same test classes on both brokers")
    void bothBrokersRunTheSameTests() {
        assertEquals(contracts(EmbeddedBrokerTest.class), contracts(ContainerBrokerTest.class));
    }

    private static Set<Class<?>> contracts(Class<?> variant) {
        return Stream.of(variant.getDeclaredClasses()).map(Class::getSuperclass).collect(Collectors.toSet());
    }
}
