package dev.baton.system.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.baton.system.support.BatonClient;

/** Values of {@code Authorization}: good ones, and every kind of bad one (contract §0.6, §4.1, §4.5). */
final class Bearers {
    private final Dice dice;
    private final Ground ground;

    Bearers(Dice dice, Ground ground) {
        this.dice = dice;
        this.ground = ground;
    }

    /** One that opens some doors: another one each time. */
    String good(FuzzedRoute route, Ground.Place place) {
        if (route == FuzzedRoute.DIRECT_WRITE) {
            return place.writeToken();
        }
        return dice.once(4) ? dice.of(dice.of(ground.tokens()), place.token()) : BatonClient.SECRET_KEY;
    }

    /** The whole header value; null to send none. */
    String bad() {
        return switch (dice.below(16)) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> "Bearer";
            case 3 -> "Bearer " + dice.secret();
            case 4 -> "Basic " + base64(BatonClient.SECRET_KEY + ":" + dice.secret());
            case 5 -> "Bearer " + dice.secret().repeat(dice.of(20, 300));
            case 6 -> "Bearer " + dice.secret() + dice.octets(8);
            case 7 -> "bearer  " + BatonClient.SECRET_KEY + " " + dice.secret();
            case 8 -> "Bearer ..";
            case 9 -> "Bearer " + dice.of(ground.tokens()) + dice.secret();
            case 10 -> "Bearer " + signed("{\"alg\":\"none\"}", claims(), "none");
            case 11 ->
                "Bearer " + signed("{\"alg\":\"" + dice.of("HS512", "HS384", "RS256", "ES256", "hs256", "x") + "\"}",
                        claims(), dice.of("HmacSHA512", "HmacSHA256"));
            case 12 ->
                "Bearer " + signed("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"kid\":\"../../" + dice.secret() + "\"}",
                        claims(), "HmacSHA256");
            case 13 -> "Bearer " + signed(dice.of("[]", "{", "null", "{\"alg\":1}", "{\"alg\":null}"), claims(),
                    "HmacSHA256");
            default -> "Bearer " + signed(dice.of("{\"alg\":\"HS256\"}", "{\"alg\":\"HS256\",\"typ\":\"run+jwt\"}",
                    "{\"alg\":\"HS256\",\"typ\":\"facade+jwt\"}"), spoiledClaims(), "HmacSHA256");
        };
    }

    private String claims() {
        Ground.Place place = dice.of(ground.places());
        return "{\"sub\":\"env_dev\",\"pub\":true,\"scopes\":[\"admin\"],\"iss\":\"https://id.trigger.dev\","
                + "\"aud\":\"https://api.trigger.dev\",\"exp\":4102444800,\"chat\":\"" + place.chatId()
                + "\",\"run\":\"" + place.runId() + "\",\"generation\":1,\"io\":\"out\",\"note\":\"" + dice.secret()
                + "\"}";
    }

    /** Signed with the real key, so that the claims themselves are looked at. */
    private String spoiledClaims() {
        String value = dice.of("null", "1", "[]", "{}", "\"\"", "[1,null,{}]", "[\"\",\":\",\"::\",\"admin:\"]", "true",
                "-1", "1e400", "99999999999999999999", "\"" + dice.secret() + "\"", "[[\"admin\"]]");
        String claim = dice.of("sub", "pub", "scopes", "iss", "aud", "exp", "generation", "run", "chat", "io", "iat",
                "nbf");
        String without = claims().replaceFirst("\"" + claim + "\":(\\[[^]]*]|\"[^\"]*\"|[a-z0-9]+),", "");
        return dice.of(without, without.replaceFirst("\\{", "{\"" + claim + "\":" + value + ","), value, "{" + value,
                without.replaceFirst("\"pub\":true", "\"pub\":false"));
    }

    private static String signed(String header, String claims, String algorithm) {
        String content = base64(header) + "." + base64(claims);
        if (algorithm.equals("none")) {
            return content + ".";
        }
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(BatonClient.SECRET_KEY.getBytes(StandardCharsets.UTF_8), algorithm));
            return content + "." + Base64.getUrlEncoder().withoutPadding()
                    .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
