package dev.baton.system.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Does things at the same time, as far as two cores can: every call waits until all of them are at the line. */
public final class Race {
    private Race() {}

    /** One call many times; the answers in no order that means anything. */
    public static <T> List<T> atOnce(int times, Supplier<T> call) {
        return each(times, _ -> call.get());
    }

    /** @param call gets its number, from 0 */
    public static <T> List<T> each(int times, IntFunction<T> call) {
        CountDownLatch line = new CountDownLatch(times);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> pending = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                pending.add(threads.submit(() -> {
                    line.countDown();
                    line.await();
                    return call.apply(number);
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> each : pending) {
                answers.add(each.get());
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in a race", e);
        } catch (ExecutionException e) {
            throw new AssertionError("one of " + times + " failed: " + e.getCause().getMessage(), e.getCause());
        }
    }
}
