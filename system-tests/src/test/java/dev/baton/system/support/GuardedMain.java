package dev.baton.system.support;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main of every child process of these tests: runs the main class named first, and dies with its parent. The
 * parent holds the other end of standard input and never writes; whatever way it ends, this end reads "end of file".
 */
public final class GuardedMain {
    private static final int PARENT_GONE = 99;

    private GuardedMain() {}

    public static void main(String[] args) throws Throwable {
        Thread.ofPlatform().daemon().name("parent-guard").start(() -> dieWithParent(System.in));
        try {
            Class.forName(args[0]).getMethod("main", String[].class).invoke(null,
                    (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void dieWithParent(InputStream parent) {
        try {
            while (parent.read() >= 0) {
                continue;
            }
        } catch (IOException e) {
            System.err.println("parent guard: " + e.getMessage());
        }
        Runtime.getRuntime().halt(PARENT_GONE);
    }
}
