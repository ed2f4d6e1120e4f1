package dev.baton.agent.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Where the chunks of an answer go. */
interface ChunkSink {
    void write(ObjectNode chunk) throws InterruptedException;

    /** Returns when everything that was written is stored. */
    void flush() throws InterruptedException;
}
