package dev.baton.session.domain;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a sealed type is made of, so that tests ask for new cases by themselves. */
public final class SealedType {
    private SealedType() {}

    /** Simple names of all records under this type. */
    public static List<String> casesOf(Class<?> type) {
        return leaves(type).map(Class::getSimpleName).toList();
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(SealedType::leaves)
                : Stream.of(type);
    }
}
