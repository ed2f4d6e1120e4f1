package dev.baton.system.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.baton.ingress.tail.Delivery;
import dev.baton.ingress.tail.Subscription;
import dev.baton.ingress.tail.TailEntry;
import dev.baton.wire.channel.StoredRecord;

/** The server's end of one event stream. */
final class Stream {
    private final Ingress ingress;
    private final int life;
    private final ChannelTails tails;
    private final Subscription subscription;
    private final Consumer<List<StoredRecord>> receiver;
    private boolean ended;

    Stream(Ingress ingress, ChannelTails tails, Subscription subscription,
            Consumer<List<StoredRecord>> receiver) {
        this.ingress = ingress;
        this.life = ingress.life();
        this.tails = tails;
        this.subscription = subscription;
        this.receiver = receiver;
    }

    void feed() {
        if (!ended()) {
            List<StoredRecord> records = take();
            if (!records.isEmpty()) {
                receiver.accept(records);
            }
        }
    }

    /** All there is now. */
    List<StoredRecord> take() {
        List<StoredRecord> found = new ArrayList<>();
        while (true) {
            switch (next()) {
                case Delivery.Records records -> {
                    for (TailEntry entry : records.entries()) {
                        found.add(tails.record(subscription.key(), entry));
                    }
                }
                case Delivery.Silence _,Delivery.Finished _ -> {
                    return found;
                }
                case Delivery.Broken _ -> {
                    ended = true;
                    return found;
                }
            }
        }
    }

    private Delivery next() {
        try {
            return subscription.take(Duration.ZERO);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the simulation", e);
        }
    }

    void close() {
        ended = true;
        subscription.close();
    }

    boolean ended() {
        return ended || ingress.life() != life;
    }
}
