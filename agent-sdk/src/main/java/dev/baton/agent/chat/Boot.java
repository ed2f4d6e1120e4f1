package dev.baton.agent.chat;

import java.util.List;
import java.util.Optional;

import dev.baton.wire.history.ConversationFold;

/**
 * What a run knows when it begins.
 *
 * @param fold all settled turns, and the partial answer if there is one
 * @param waiting messages that are not settled, in the order in which they are to be answered
 * @param interrupted the first of them, when an earlier run died while it answered
 * @param lastInSeq newest {@code .in} seq that was seen; live reading begins after it
 * @param lastOutSeq newest {@code .out} seq that was seen
 * @param recovered whether the session had a run or attempt before this one
 */
record Boot(ConversationFold fold, List<InEntry.Message> waiting, Optional<Interrupted> interrupted, long lastInSeq,
        long lastOutSeq, boolean recovered) {
    /**
     * A turn that was begun and not finished. The fold knows its message and what came of its answer.
     *
     * @param answerId id of the partial answer
     * @param openParts texts and reasonings of it that nobody ended
     */
    record Interrupted(InEntry.Message message, String answerId, List<AnswerStream.OpenPart> openParts) {}
}
