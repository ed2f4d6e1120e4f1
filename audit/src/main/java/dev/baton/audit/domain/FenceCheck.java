package dev.baton.audit.domain;

import java.util.ArrayList;
import java.util.List;

import dev.baton.wire.channel.StoredRecord;
import dev.baton.wire.session.SessionRow;
import dev.baton.wire.session.SessionRunRow;

/**
 * Nobody writes before its own fence, every fence is that of a run that was requested, and no void turn has moved a
 * cursor. Void records by themselves are no finding: readers drop them.
 */
final class FenceCheck {
    private FenceCheck() {}

    static List<Finding> of(SessionEvidence evidence, OutLog log) {
        List<Finding> findings = new ArrayList<>();
        if (evidence.outComplete()) {
            findings.addAll(log.earlyWrites());
        }
        log.fences().stream().filter(fence -> !isOfARun(fence, evidence.runs()))
                .map(fence -> new ChannelFinding.FenceWithoutRun(fence.seq(), fence.fence(), fence.writer().runId()))
                .forEach(findings::add);
        currentFence(evidence, log, findings);
        settledTurn(evidence, log, findings);
        return findings;
    }

    private static boolean isOfARun(StoredRecord fence, List<SessionRunRow> runs) {
        return runs.stream().anyMatch(
                run -> run.generation() == fence.fence() && run.runId().equals(fence.writer().runId()));
    }

    private static void currentFence(SessionEvidence evidence, OutLog log, List<Finding> findings) {
        SessionRow row = evidence.row();
        boolean there = log.fences().stream()
                .anyMatch(fence -> fence.seq() == row.fenceOutSeq() && fence.fence() == row.generation());
        if (evidence.outExtent().covers(row.fenceOutSeq()) && !there) {
            findings.add(new ChannelFinding.FenceMissing(row.fenceOutSeq(), row.generation()));
        }
    }

    private static void settledTurn(SessionEvidence evidence, OutLog log, List<Finding> findings) {
        long settled = evidence.row().settledOutSeq();
        if (!evidence.outExtent().covers(settled)) {
            return;
        }
        log.turnAt(settled).ifPresentOrElse(turn -> {
            if (!turn.shown()) {
                findings.add(new ChannelFinding.VoidTurnSettled(settled, turn.boundary().generation()));
            }
        }, () -> findings.add(new ChannelFinding.SettledTurnMissing(settled)));
    }
}
