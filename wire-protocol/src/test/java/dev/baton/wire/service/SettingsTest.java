package dev.baton.wire.service;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SettingsTest {
    @Test
    void anEmptyValueCountsAsNotSet() {
        // Given, When
        Settings settings = Settings.of(Map.of("BATON_HOST", "  ", "BATON_PARTITIONS", "8"));

        // Then
        assertEquals("127.0.0.1", settings.text(Setting.HOST));
        assertEquals(8, settings.number(Setting.PARTITIONS));
    }

    @Test
    void aWordForANumberIsNamedWithItsSetting() {
        // Given
        Settings settings = Settings.of(Map.of("BATON_PARTITIONS", "many"));

        // When
        SettingsException refusal = assertThrows(SettingsException.class,
                () -> settings.number(Setting.PARTITIONS));

        // Then
        assertEquals("expected a whole number for BATON_PARTITIONS, but was 'many'", refusal.getMessage());
    }

    @Test
    void theDefaultEnvironmentIsTheDocumentedOne() {
        // Given, When
        Settings settings = Settings.of(Map.of());

        // Then: the fixed interface of the launcher
        assertEquals("env_dev", settings.text(Setting.ENVIRONMENT_ID));
        assertEquals("dev", settings.text(Setting.ENVIRONMENT_SLUG));
        assertEquals("proj_local", settings.text(Setting.PROJECT_REF));
        assertEquals("tr_dev_localbatonsecretkey00001", settings.text(Setting.SECRET_KEY));
        assertEquals("http://127.0.0.1:8030", settings.publicUrl());
    }

    @Test
    void noTwoSettingsShareAKey() {
        // Given
        Set<String> keys = new HashSet<>();

        // When
        for (Setting setting : Setting.values()) {
            keys.add(setting.key());
        }

        // Then
        assertEquals(Setting.values().length, keys.size());
    }

    @Test
    void everyTopicHasTheSamePartitionCountSoThatASessionIsAtOneNumberEverywhere() {
        // Given
        Settings settings = Settings.of(Map.of("BATON_PARTITIONS", "6"));

        // When
        Set<Integer> counts = new HashSet<>();
        for (NewTopic topic : TopicCatalog.topics(settings)) {
            counts.add(topic.numPartitions());
        }

        // Then
        assertEquals(Set.of(6), counts);
    }
}
