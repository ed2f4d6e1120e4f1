package dev.baton.system;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import dev.baton.audit.domain.SessionEvidence;
import dev.baton.audit.topic.Batch;
import dev.baton.audit.topic.PartitionBatches;
import dev.baton.audit.topic.Progress;
import dev.baton.audit.topic.TopicReader;
import dev.baton.system.support.Chat;
import dev.baton.system.support.EmbeddedBroker;
import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.service.EndpointsFile;
import dev.baton.wire.service.Setting;
import dev.baton.wire.service.Settings;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An audit that has not the memory for all sessions of a partition at once. */
class LittleMemoryTest {
    private static final int CHATS = 12;

    @Test
    @DisplayName("within little memory an audit takes one session after the other, and sees the same of each")
    void littleMemoryChangesNothing() {
        try (StandaloneProcess standalone = StandaloneProcess.start(new EmbeddedBroker())) {
            // Given
            for (int chat = 0; chat < CHATS; chat++) {
                Chat.startWith(standalone.client(), "/exit").turns(1);
            }
            Settings settings = EndpointsFile.read(standalone.data(), Settings.of(Map.of()));
            try (TopicReader topics = TopicReader.open(settings, Progress.NONE)) {
                for (int partition = 0; partition < settings.number(Setting.PARTITIONS); partition++) {
                    List<Batch> atOnce = batches(new PartitionBatches(topics, partition, Long.MAX_VALUE));

                    // When
                    List<Batch> oneByOne = batches(new PartitionBatches(topics, partition, 1));

                    // Then
                    assertEquals(1, atOnce.size());
                    assertTrue(oneByOne.size() >= records(atOnce).size(), oneByOne.size() + " batches");
                    assertEquals(records(atOnce), records(oneByOne));
                }
            }
        }
    }

    private static List<Batch> batches(PartitionBatches partition) {
        List<Batch> batches = new ArrayList<>();
        while (partition.hasNext()) {
            batches.add(partition.next());
        }
        return batches;
    }

    /** By key: how many records were read of each session that has any, and how many runs. */
    private static Map<SessionKey, List<Integer>> records(List<Batch> batches) {
        return batches.stream().flatMap(batch -> batch.sessions().stream())
                .filter(session -> !session.in().isEmpty() || !session.out().isEmpty())
                .collect(Collectors.toMap(SessionEvidence::key,
                        session -> List.of(session.in().size(), session.out().size(), session.runs().size())));
    }
}
