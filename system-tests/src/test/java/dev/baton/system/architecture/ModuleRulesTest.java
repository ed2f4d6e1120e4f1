package dev.baton.system.architecture;

import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Who may know whom (design "Modules", D7): the dependency picture of docs/ARCHITECTURE.md, checked on the bytecode. */
class ModuleRulesTest {
    /** One root package per module that must not know the others. */
    private static final List<String> SERVICES = List.of("dev.baton.session", "dev.baton.run", "dev.baton.snapshot",
            "dev.baton.ingress", "dev.baton.agent", "dev.baton.audit");
    private static final String MODELS = "dev.baton.agent.langchain4j..";
    private static final String EXAMPLES = "dev.baton.examples..";
    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(ModuleRulesTest::isProduction).importPackages("dev.baton");

    static Stream<String> services() {
        return SERVICES.stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    @DisplayName("design, Modules: no service module knows another one, nor the modules that assemble them")
    void aServiceKnowsNoOtherService(String service) {
        String[] others = Stream
                .concat(SERVICES.stream().filter(other -> !other.equals(service)), Stream.of("dev.baton.standalone"))
                .map(other -> other + "..").toArray(String[]::new);
        noClasses().that().resideInAPackage(service + "..").should().dependOnClassesThat().resideInAnyPackage(others)
                .check(PRODUCTION);
    }

    @Test
    @DisplayName("design, Modules: wire-protocol knows no module, no Kafka Streams, no Javalin, no AWS")
    void wireProtocolStaysLight() {
        noClasses().that().resideInAPackage("dev.baton.wire..").should().dependOnClassesThat()
                .resideInAnyPackage("dev.baton.session..", "dev.baton.run..", "dev.baton.snapshot..",
                        "dev.baton.ingress..", "dev.baton.agent..", "dev.baton.audit..", "dev.baton.standalone..",
                        "org.apache.kafka.streams..", "io.javalin..", "software.amazon..")
                .check(PRODUCTION);
    }

    @Test
    @DisplayName("issue 6: the agent SDK knows no model, and nothing knows an example")
    void whoWantsNoModelGetsNone() {
        noClasses().that().resideOutsideOfPackages(MODELS, EXAMPLES).should().dependOnClassesThat()
                .resideInAnyPackage(MODELS, "dev.langchain4j..").check(PRODUCTION);
        noClasses().that().resideOutsideOfPackage(EXAMPLES).should().dependOnClassesThat().resideInAPackage(EXAMPLES)
                .check(PRODUCTION);
    }

    @Test
    @DisplayName("issue 6: the model adapter knows the agent SDK and the core of LangChain4j, no provider")
    void theModelAdapterKnowsNoProvider() {
        classes().that().resideInAPackage(MODELS).should().onlyDependOnClassesThat(resideInAnyPackage("java..", MODELS,
                "dev.baton.agent.chat..", "dev.baton.wire.json..", "com.fasterxml.jackson..", "org.slf4j..",
                "dev.langchain4j.agent.tool..", "dev.langchain4j.data.message..", "dev.langchain4j.exception..",
                "dev.langchain4j.model.chat..", "dev.langchain4j.model.output..")).check(PRODUCTION);
    }

    @Test
    @DisplayName("issue 2: the modules form no cycle")
    void theModulesFormNoCycle() {
        slices().matching("dev.baton.(*)..").should().beFreeOfCycles().check(PRODUCTION);
    }

    @Test
    @DisplayName("house 1: the packages inside the modules form no cycle")
    void thePackagesFormNoCycle() {
        slices().matching("dev.baton.(**)").should().beFreeOfCycles().check(PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("services")
    @DisplayName("design D7: a domain package depends on java.*, wire-protocol, itself and annotations")
    void aDomainIsPure(String service) {
        DescribedPredicate<JavaClass> allowed = resideInAnyPackage("java..", "dev.baton.wire..", service + ".domain..",
                "com.fasterxml.jackson.annotation..").or(
                        DescribedPredicate.describe("primitive",
                                type -> type.getBaseComponentType().isPrimitive()));
        classes().that().resideInAPackage(service + ".domain..").should().onlyDependOnClassesThat(allowed)
                .allowEmptyShould(true).check(PRODUCTION);
    }

    @Test
    @DisplayName("design D7: a domain package reads no clock, no random and no environment")
    void aDomainAsksNobody() {
        noClasses().that(resideInAPackage("..domain..")).should().callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "getenv", String.class)
                .orShould().callMethod(java.time.Instant.class, "now").orShould()
                .dependOnClassesThat().haveFullyQualifiedName("java.util.Random").orShould().dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom").orShould()
                .callMethod(java.util.UUID.class, "randomUUID").check(PRODUCTION);
    }

    @ParameterizedTest
    @MethodSource("services")
    @DisplayName("the rules above look at something: every module is on the classpath")
    void everyServiceIsLookedAt(String service) {
        assertFalse(PRODUCTION.that(resideInAPackage(service + "..")).isEmpty(), "no classes found in " + service);
    }

    @ParameterizedTest
    @ValueSource(strings = {MODELS, EXAMPLES})
    void everyModuleOfAgentsIsLookedAt(String packages) {
        assertFalse(PRODUCTION.that(resideInAPackage(packages)).isEmpty(), "no classes found in " + packages);
    }

    private static boolean isProduction(Location location) {
        return ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location)
                && !location.contains("/dev/baton/system/");
    }
}
