package dev.baton.audit.report;

import java.util.List;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.baton.audit.domain.AuditWindow;
import dev.baton.audit.domain.Finding;
import dev.baton.audit.domain.SessionEvidence;
import dev.baton.audit.domain.SessionVerdict;
import dev.baton.audit.domain.TurnFact;
import dev.baton.wire.history.Boundary;
import dev.baton.wire.json.WireJson;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/** Facts and findings as NDJSON, and their counts. Times are epoch milliseconds, absent values are left out. */
public final class AuditLines {
    /** Fields of a provenance row that every line has, and its format version. */
    private static final List<String> SAID_ALREADY = List.of("v", "sessionId", "environmentId", "chatId");

    private final AuditWindow window;
    private final Consumer<String> lines;
    private long sessions;
    private long partly;
    private long runs;
    private long turns;
    private long voidRecords;
    private long findings;

    /** @param lines gets one line after the other, without its end */
    public AuditLines(AuditWindow window, Consumer<String> lines) {
        this.window = window;
        this.lines = lines;
    }

    public long sessions() {
        return sessions;
    }

    public long findings() {
        return findings;
    }

    /** Runs and turns of the window, then the session, then what was found. */
    public void session(SessionVerdict verdict) {
        SessionEvidence evidence = verdict.evidence();
        evidence.runs().stream().filter(window::touches).forEach(run -> run(evidence, run));
        verdict.turns().stream().filter(turn -> window.contains(turn.atMs())).forEach(turn -> turn(evidence, turn));
        sessions++;
        partly += verdict.notChecked().isEmpty() ? 0 : 1;
        voidRecords += verdict.voidRecords();
        ObjectNode line = line("session", evidence.key(), evidence.row());
        if (evidence.row() != null && evidence.row().deleted()) {
            line.put("deletedAt", evidence.row().deletedAt());
        }
        line.put("inRecords", evidence.in().size()).put("outRecords", evidence.out().size());
        line.put("voidRecords", verdict.voidRecords()).put("unsettledTurns", verdict.unsettledTurns());
        line.put("snapshot", verdict.snapshotState());
        line.put("checked", verdict.notChecked().isEmpty() ? "fully" : "partly");
        if (!verdict.notChecked().isEmpty()) {
            ArrayNode reasons = line.putArray("notChecked");
            verdict.notChecked().forEach(reasons::add);
        }
        lines.accept(line.toString());
        verdict.findings().forEach(finding -> finding(evidence.key(), evidence.row(), finding));
    }

    /** @param row null when it is not known */
    public void finding(SessionKey key, SessionRow row, Finding finding) {
        findings++;
        ObjectNode line = line("finding", key, row);
        line.put("kind", finding.kind());
        line.setAll(WireJson.MAPPER.<ObjectNode>valueToTree(finding));
        line.put("expected", finding.expected()).put("actual", finding.actual());
        lines.accept(line.toString());
    }

    /** The last line. */
    public void summary() {
        ObjectNode line = WireJson.MAPPER.createObjectNode().put("type", "summary");
        line.put("sessions", sessions).put("checkedPartly", partly).put("runs", runs).put("turns", turns);
        lines.accept(line.put("voidRecords", voidRecords).put("findings", findings).toString());
    }

    private void run(SessionEvidence evidence, SessionRunRow run) {
        runs++;
        ObjectNode line = line("run", evidence.key(), evidence.row());
        ObjectNode row = WireJson.MAPPER.valueToTree(run);
        row.remove(SAID_ALREADY);
        line.setAll(row);
        lines.accept(line.toString());
    }

    private void turn(SessionEvidence evidence, TurnFact turn) {
        turns++;
        ObjectNode line = line("turn", evidence.key(), evidence.row());
        line.put("at", turn.atMs()).put("outSeq", turn.boundary().outSeq());
        if (turn.boundary().inSeq() != Boundary.NONE_CONSUMED) {
            line.put("inSeq", turn.boundary().inSeq());
        }
        if (turn.runId() != null) {
            line.put("generation", turn.boundary().generation()).put("runId", turn.runId());
        }
        lines.accept(line.put("shown", turn.shown()).toString());
    }

    /** {@code session} is the friendly id; a key without a row has none. */
    private static ObjectNode line(String type, SessionKey key, SessionRow row) {
        ObjectNode line = WireJson.MAPPER.createObjectNode().put("type", type);
        if (row != null) {
            line.put("session", row.id());
        }
        return line.put("environmentId", key.environmentId()).put("chatId", key.chatId());
    }
}
