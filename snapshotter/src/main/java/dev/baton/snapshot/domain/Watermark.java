package dev.baton.snapshot.domain;

/** The first offset of each session topic that a restart must read again. */
public record Watermark(long out, long in) {}
