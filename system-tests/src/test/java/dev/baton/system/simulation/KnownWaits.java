package dev.baton.system.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

import dev.baton.ingress.view.WaitTable;
import dev.baton.wire.Names;
import dev.baton.wire.session.WaitRow;

/** What one ingress knows of waits: the product's table, read up to the end before each answer, as the product does. */
final class KnownWaits {
    private static final int LAG_MS = 5;

    private final WaitTable table;

    KnownWaits(World world, SimulatedProcess ingress) {
        table = new WaitTable(clockOf(ingress));
        for (LogPartition partition : world.broker().topic(Names.WAITS_TOPIC)) {
            world.broker().follow(ingress, new LogReader(partition, 0), LAG_MS,
                    found -> found.forEach(entry -> table.put((WaitRow) entry.value())));
        }
    }

    Optional<WaitRow> find(String waitpointId) {
        return table.find(SimulatedChat.ENVIRONMENT, waitpointId);
    }

    private static Clock clockOf(SimulatedProcess ingress) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(ingress.clockMs());
            }
        };
    }
}
