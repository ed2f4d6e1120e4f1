package dev.baton.system.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import dev.baton.system.support.StandaloneProcess;
import dev.baton.wire.json.WireJson;

/**
 * What requests may leave in a process: threads, virtual ones too, and gauges of what is open.
 *
 * @param threads how many there are of each name, digits left out
 * @param open values of the gauges of what is open
 */
record Residue(Map<String, Integer> threads, Map<String, Double> open) {
    private static final Pattern GAUGE = Pattern
            .compile("(?m)^(baton_ingress_readers\\{[^}]*}|baton_ingress_commands_pending) (\\S+)$");
    private static final int DUMP_PATIENCE_S = 30;

    static Residue of(StandaloneProcess standalone) throws IOException, InterruptedException {
        Path dump = standalone.log().resolveSibling("threads.json");
        Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(standalone.process().pid()), "Thread.dump_to_file", "-overwrite", "-format=json",
                dump.toString()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (!jcmd.waitFor(DUMP_PATIENCE_S, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new AssertionError("expected jcmd to dump the threads, but it did not");
        }
        Map<String, Integer> threads = new TreeMap<>();
        for (JsonNode thread : WireJson.readTree(Files.readString(dump)).findParents("tid")) {
            threads.merge(thread.path("name").asText().replaceAll("\\d+", "#"), 1, Integer::sum);
        }
        Map<String, Double> open = new TreeMap<>();
        GAUGE.matcher(standalone.client().get("/metrics").body()).results()
                .forEach(gauge -> open.put(gauge.group(1), Double.valueOf(gauge.group(2))));
        return new Residue(threads, open);
    }

    private int total() {
        return threads.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What is there that was not there before; empty when that is all right. */
    String complaint(Residue before, int threadsMoreMax) {
        List<String> more = Stream.concat(
                threads.entrySet().stream()
                        .filter(each -> each.getValue() > before.threads.getOrDefault(each.getKey(), 0))
                        .map(each -> each.getValue() + " threads '" + each.getKey() + "', before "
                                + before.threads.getOrDefault(each.getKey(), 0)),
                open.entrySet().stream().filter(each -> each.getValue() > 0).map(Object::toString)).toList();
        boolean open = this.open.isEmpty() || this.open.values().stream().anyMatch(value -> value > 0);
        return open || total() > before.total() + threadsMoreMax ? String.join("; ", more) + " of " + this.open : "";
    }
}
