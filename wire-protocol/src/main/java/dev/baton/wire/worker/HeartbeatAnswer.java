package dev.baton.wire.worker;

import java.util.List;

/**
 * Answer to a heartbeat.
 *
 * @param cancel runs the worker must stop now: cancelled, or no longer its own
 * @param drain whether the worker should finish what it has and take nothing new
 */
public record HeartbeatAnswer(List<String> cancel, boolean drain) {}
