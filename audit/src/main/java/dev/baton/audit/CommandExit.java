package dev.baton.audit;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import dev.baton.wire.service.SettingsException;

/** How the commands of this module end: what cannot run says why in one line on standard error. */
final class CommandExit {
    static final int CANNOT_RUN = 1;
    static final int USAGE = 2;
    static final int FINDINGS = 3;
    private static final int OUTPUT_BUFFER_BYTES = 64 * 1024;

    private CommandExit() {}

    /** Runs the command and returns its exit status. */
    static int statusOf(String name, Callable<Integer> command, String[] arguments) {
        return new CommandLine(command)
                .setParameterExceptionHandler((exception, _) -> wrongUsage(name, exception))
                .setExecutionExceptionHandler((exception, _, _) -> cannotRun(name, exception)).execute(arguments);
    }

    /** Standard output for many lines: UTF-8, written in blocks. Close it. */
    static PrintStream output() {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out),
                OUTPUT_BUFFER_BYTES), false, StandardCharsets.UTF_8);
    }

    private static int wrongUsage(String name, ParameterException exception) {
        System.err.println("baton " + name + ": " + exception.getMessage() + " (see: baton " + name + " --help)");
        return USAGE;
    }

    private static int cannotRun(String name, Exception exception) {
        String reason = exception instanceof SettingsException ? "" : "cannot go on: ";
        String message = exception.getMessage() == null ? exception.toString() : exception.getMessage();
        System.err.println("baton " + name + ": " + reason + message.lines().findFirst().orElse(exception.toString()));
        return CANNOT_RUN;
    }
}
