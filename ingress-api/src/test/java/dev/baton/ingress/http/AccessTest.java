package dev.baton.ingress.http;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.ingress.Rows;
import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.session.SessionKey;
import dev.baton.wire.token.Credential;
import dev.baton.wire.token.Environment;
import dev.baton.wire.token.Scope;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** contract §4.3, §4.4; design D5. */
class AccessTest {
    private static final Environment DEV = new Environment("env_dev", "dev", "proj", List.of("tr_dev_key"));
    private static final SessionKey CHAT = new SessionKey("env_dev", "user/1");
    private static final SessionAddress ADDRESS = new SessionAddress(Rows.SESSION_ID, CHAT, Rows.open("user/1"),
            false);
    private static final Credential SECRET = new Credential.SecretKey(DEV);
    private static final Credential RUN = new Credential.RunToken(DEV, CHAT, new Writer(2, "run_2"));

    @ParameterizedTest
    @CsvSource({"read:sessions:user/1,read,true", "read:sessions:session_caaaaaaaaaaaaaaaaaaaaaaaa,read,true",
            "read:sessions:user/2,read,false", "read:sessions,read,true", "read:all,read,true", "*:all,read,true",
            "write:sessions:user/1,read,false", "write:sessions:user/1,write,true", "read:sessions:user/1,write,false",
            "write:sessions:user/1,admin,false", "admin:sessions:user/1,admin,true", "admin,admin,true",
            "admin,read,true", "admin:tasks,read,false", "read:sessions:user/1:out,read,true",
            "read:sessions:user/1:in,read,false", "read:runs:user/1,read,false", "Read:sessions:user/1,read,false",
            "nonsense,read,false", "'',read,false"})
    void scopesGrantWhatTheyNameAndNothingElse(String scope, String action, boolean granted) {
        // Given
        Credential token = token(scope);

        // When, Then: .out of the session, addressed by its friendly id
        assertEquals(granted, Access.may(token, action, CHAT,
                new ChannelAddress(ADDRESS, Channel.OUT, null).scopeIds(ADDRESS.forms())));
    }

    @ParameterizedTest
    @CsvSource({"read:sessions:user/1,true", "read:sessions:user/1:channels:progress,true",
            "read:sessions:session_caaaaaaaaaaaaaaaaaaaaaaaa:channels:progress:out,true",
            "read:sessions:user/1:channels:progress:in,false", "read:sessions:user/1:channels:other,false",
            "read:sessions:user/1:out,false"})
    void scopesOfASideChannelAreAsNarrowAsTheySay(String scope, boolean granted) {
        // Given
        ChannelAddress channel = new ChannelAddress(ADDRESS, Channel.OUT, "progress");

        // When, Then: contract §4.3
        assertEquals(granted,
                Access.may(token(scope), Access.READ, CHAT, channel.scopeIds(ADDRESS.forms())));
    }

    @Test
    void aTokenWithoutScopesOrAnEmptyResourceListIsDenied() {
        // Given, When, Then
        assertFalse(Access.may(new Credential.PublicToken(DEV, List.of()), Access.READ, CHAT, ADDRESS.forms()));
        assertFalse(Access.may(token("read:sessions"), Access.READ, CHAT, Set.of()));
    }

    @Test
    void aRunTokenActsAsSecretKeyForItsOwnSessionOnly() {
        // Given
        SessionKey other = new SessionKey("env_dev", "user/2");

        // When, Then
        assertTrue(Access.may(RUN, Access.ADMIN, CHAT, Set.of()));
        assertFalse(Access.may(RUN, Access.READ, other, Set.of("user/2")));
        assertTrue(Access.may(SECRET, Access.ADMIN, other, Set.of()));
    }

    @ParameterizedTest
    @CsvSource({"write:tasks:echo write:sessions,true", "trigger:tasks:echo write:sessions,true",
            "write:tasks write:sessions,true", "write:sessions,false", "write:tasks:echo,false",
            "write:tasks:echo write:sessions:user/1,false", "write:tasks:other write:sessions,false", "admin,true"})
    void creatingNeedsTheTaskAndTheSessionsAsAWhole(String scopes, boolean granted) {
        // Given
        Credential token = token(scopes.split(" "));

        // When, Then
        assertEquals(granted, Access.mayCreate(token, "echo"));
    }

    @Test
    void aSecretKeyCreatesAndARunTokenDoesNot() {
        // Given, When, Then
        assertTrue(Access.mayCreate(SECRET, "echo"));
        assertFalse(Access.mayCreate(RUN, "echo"));
    }

    @Test
    void aSupersededRunWritesNothing() {
        // Given, When
        HttpFailure failure = assertThrows(HttpFailure.class,
                () -> Access.requireCurrent(RUN, Rows.ofGeneration("user/1", 3)));

        // Then
        assertEquals(409, failure.status());
        assertTrue(failure.body().contains("\"code\":\"stale_generation\""), failure.body());
        assertEquals("false", failure.headers().get("x-should-retry"));
    }

    @Test
    void aRunThatHasEndedWritesNothingThoughNobodyHasFollowedIt() {
        // Given, When
        HttpFailure failure = assertThrows(HttpFailure.class,
                () -> Access.requireCurrent(RUN, Rows.vacant("user/1", 2)));

        // Then
        assertEquals(409, failure.status());
        assertTrue(failure.body().contains("Run generation 2 has ended"), failure.body());
    }

    @Test
    void theCurrentRunAndWritersThatNameNoneArePassed() {
        // Given, When, Then
        assertDoesNotThrow(() -> Access.requireCurrent(RUN, Rows.ofGeneration("user/1", 2)));
        assertDoesNotThrow(() -> Access.requireCurrent(RUN, null));
        assertDoesNotThrow(() -> Access.requireCurrent(SECRET, Rows.ofGeneration("user/1", 9)));
        assertDoesNotThrow(() -> Access.requireCurrent(SECRET, Rows.vacant("user/1", 9)));
    }

    private static Credential token(String... scopes) {
        return new Credential.PublicToken(DEV, Arrays.stream(scopes).map(Scope::parse).toList());
    }
}
