package dev.baton.wire.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.baton.wire.channel.Channel;
import dev.baton.wire.channel.Writer;
import dev.baton.wire.service.Settings;
import dev.baton.wire.service.SettingsException;
import dev.baton.wire.session.SessionKey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Several environments, each with its own keys, and the grace of rotated ones (contract §4.1; features #12). */
class EnvironmentsFileTest {
    private static final String TWO = """
            {"environments":[
              {"id":"env_prod","slug":"prod","projectRef":"proj_shop","keys":{"current":"tr_prod_new_key_0001",
               "rotated":[{"key":"tr_prod_old_key_0001","validUntil":"2026-01-02T00:00:00Z"}]}},
              {"id":"env_stage","slug":"stg","projectRef":"proj_shop","keys":{"current":"tr_stg_key_000000001"}}]}""";
    private static final Instant IN_GRACE = Instant.parse("2026-01-01T23:59:59Z");
    private static final Instant AFTER_GRACE = Instant.parse("2026-01-02T00:00:00Z");
    private static final SessionKey CHAT = new SessionKey("env_prod", "user/1");

    @TempDir
    private Path folder;

    @Test
    void everyKeyOpensItsOwnEnvironment() throws Exception {
        // Given
        Tokens tokens = at(IN_GRACE, TWO);

        // When
        Environment prod = tokens.authenticate("tr_prod_new_key_0001").environment();
        Environment stage = tokens.authenticate("tr_stg_key_000000001").environment();

        // Then
        assertEquals(List.of("env_prod", "prod", "proj_shop"), List.of(prod.id(), prod.slug(), prod.projectRef()));
        assertEquals("env_stage", stage.id());
        assertThrows(AuthenticationException.class, () -> tokens.authenticate(Settings.DEFAULT_SECRET_KEY));
    }

    @Test
    void aRotatedKeyIsGoodUntilItsGraceEndsAndNotAMomentLonger() throws Exception {
        // Given
        Tokens inGrace = at(IN_GRACE, TWO);
        Tokens afterGrace = at(AFTER_GRACE, TWO);

        // When
        Environment environment = inGrace.authenticate("tr_prod_old_key_0001").environment();

        // Then
        assertEquals("env_prod", environment.id());
        assertThrows(AuthenticationException.class, () -> afterGrace.authenticate("tr_prod_old_key_0001"));
    }

    @Test
    void whatARotatedKeySignedVerifiesUntilItsGraceEnds() throws Exception {
        // Given: minted when the old key was the current one
        Tokens before = new Tokens(new Environments(List.of(new Environment("env_prod", "prod", "proj_shop",
                List.of("tr_prod_old_key_0001")))), Clock.fixed(IN_GRACE, ZoneOffset.UTC));
        Environment old = before.environments().first();
        String publicToken = before.mintPublicToken(old, List.of("read:sessions"), Duration.ofDays(2));
        String runToken = before.mintRunToken(old, CHAT, new Writer(1, "run_1"));
        String facadeToken = before.mintFacadeToken(new FacadeGrant(old, CHAT, Channel.OUT, Writer.UNNAMED));

        // When
        Tokens inGrace = at(IN_GRACE, TWO);
        Tokens afterGrace = at(AFTER_GRACE, TWO);

        // Then
        assertEquals("env_prod", inGrace.authenticate(publicToken).environment().id());
        assertTrue(inGrace.authenticate(runToken).actsAsSecretKeyFor(CHAT));
        assertEquals(CHAT, inGrace.verifyFacadeToken(facadeToken).sessionKey());
        assertThrows(AuthenticationException.class, () -> afterGrace.authenticate(publicToken));
        assertThrows(AuthenticationException.class, () -> afterGrace.authenticate(runToken));
        assertThrows(AuthenticationException.class, () -> afterGrace.verifyFacadeToken(facadeToken));
    }

    @Test
    void newTokensAreSignedWithTheCurrentKeyAndSoOutliveTheGrace() throws Exception {
        // Given
        Tokens inGrace = at(IN_GRACE, TWO);
        Environment environment = inGrace.authenticate("tr_prod_old_key_0001").environment();

        // When
        String token = inGrace.mintPublicToken(environment, List.of("read:sessions"), Duration.ofDays(2));

        // Then
        assertEquals("env_prod", at(AFTER_GRACE, TWO).authenticate(token).environment().id());
    }

    @Test
    void aTokenOfOneEnvironmentSignedWithTheKeyOfAnotherIsRefused() throws Exception {
        // Given: the holder of the stage key claims to be prod
        Environment forged = new Environment("env_prod", "prod", "proj_shop", List.of("tr_stg_key_000000001"));
        Tokens tokens = at(IN_GRACE, TWO);

        // When, Then
        assertThrows(AuthenticationException.class,
                () -> tokens.authenticate(tokens.mintSessionToken(forged, "user/1")));
        assertThrows(AuthenticationException.class,
                () -> tokens.authenticate(tokens.mintRunToken(forged, CHAT, new Writer(1, "run_1"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "nonsense | expected JSON in",
            "`` | the file: expected an object with environments, but it is missing",
            "[] | the file: expected an object with environments, but it is an array of 0",
            "{} | environments: expected an array of 1 to 1000 environments, but it is missing",
            "{\"environments\":[]} | but it is an array of 0",
            "{\"environments\":[{}]} | environments[0].id: expected 1 to 64 letters",
            "{\"environments\":[],\"x\":1} | the file: expected no field but environments, but it has 'x'"})
    void aBrokenFileIsReportedInOneLine(String text, String part) throws IOException {
        // Given
        Path file = write(text);

        // When
        SettingsException refusal = assertThrows(SettingsException.class, () -> EnvironmentsFile.read(file));

        // Then
        assertTrue(refusal.getMessage().startsWith("BATON_ENVIRONMENTS_FILE: "), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "env_stage | env_prod | environments[1].id: expected an id of its own, but 'env_prod' occurs twice",
            "env_stage | env/stage | environments[1].id: expected 1 to 64 letters",
            "stg\" | prod\" | environments[1]: expected a pair of projectRef and slug of its own",
            "tr_stg_key_000000001 | tr_prod_old_key_0001 | environments[1].keys.current: expected a key of its own",
            "tr_stg_key_000000001 | short | environments[1].keys.current: expected a secret key of 16 to 256",
            "validUntil | validuntil | environments[0].keys.rotated[0]: expected no field but key, validUntil",
            "2026-01-02T00:00:00Z | tomorrow | environments[0].keys.rotated[0].validUntil: expected a time such as"})
    void whatWouldOpenADoorIsRefusedWithoutSayingAKey(String text, String instead, String part) throws IOException {
        // Given
        Path file = write(TWO.replace(text, instead));

        // When
        SettingsException refusal = assertThrows(SettingsException.class, () -> EnvironmentsFile.read(file));

        // Then
        assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("tr_"), refusal.getMessage());
    }

    @Test
    void aMissingFileIsReportedInOneLine() {
        // Given
        Settings settings = Settings.of(Map.of("BATON_ENVIRONMENTS_FILE", folder.resolve("none.json").toString()));

        // When
        SettingsException refusal = assertThrows(SettingsException.class, () -> Environments.of(settings));

        // Then
        assertTrue(refusal.getMessage().startsWith("BATON_ENVIRONMENTS_FILE: expected a readable text file at "),
                refusal.getMessage());
    }

    @Test
    void keysStayOutOfTexts() throws Exception {
        // Given
        Environment environment = at(IN_GRACE, TWO).environments().first();

        // When
        String text = environment + " " + environment.rotatedKeys();

        // Then
        assertFalse(text.contains("tr_prod"), text);
    }

    private Tokens at(Instant now, String file) throws IOException {
        Settings settings = Settings.of(Map.of("BATON_ENVIRONMENTS_FILE", write(file).toString()));
        return new Tokens(Environments.of(settings), Clock.fixed(now, ZoneOffset.UTC));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("environments.json"), text);
    }
}
