package dev.baton.wire.token;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** contract §4.3. */
class ScopeTest {
    @ParameterizedTest(name = "{0} for {1} on {2}:{3} -> {4}")
    @CsvSource({"read:sessions:chat-1,read,sessions,chat-1,true", "read:sessions:chat-1,read,sessions,chat-2,false",
            "read:sessions,read,sessions,chat-1,true", "read:sessions,write,sessions,chat-1,false",
            "write:sessions:a:b/c,write,sessions,a:b/c,true", "write:sessions,read,sessions,chat-1,false",
            "write:sessions,admin,sessions,chat-1,false", "admin,admin,sessions,chat-1,true",
            "admin,read,tasks,echo,true", "admin:sessions,admin,sessions,chat-1,true",
            "admin:sessions,read,sessions,chat-1,false", "read:all,read,sessions,chat-1,true",
            "read:all,write,sessions,chat-1,false", "*:all,write,sessions,chat-1,true",
            "write:tasks:echo,trigger,tasks,echo,true", "write:tasks:echo,update,tasks,echo,true",
            "trigger:tasks:echo,trigger,tasks,echo,true", "read,read,sessions,chat-1,false",
            "Read:sessions,read,sessions,chat-1,false", ":::,read,sessions,chat-1,false",
            "nonsense,read,sessions,chat-1,false"})
    void aScopeAllowsWhatTheGrammarSays(String scope, String action, String type, String id, boolean allowed) {
        // Given
        Scope parsed = Scope.parse(scope);

        // When
        boolean answer = parsed.allows(action, type, id);

        // Then
        assertEquals(allowed, answer);
    }

    @Test
    void anIdScopeDoesNotCoverTheTypeAsAWhole() {
        // Given, When, Then
        assertEquals(false, Scope.parse("read:sessions:chat-1").allows("read", "sessions", null));
        assertEquals(true, Scope.parse("read:sessions").allows("read", "sessions", null));
    }
}
