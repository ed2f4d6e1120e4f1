package dev.baton.system.fuzz;

import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Draws requests: a valid one of any route, with up to three things wrong. One per connection; the seed decides. */
final class RequestGrammar {
    private static final FuzzedRoute[] ROUTES = FuzzedRoute.values();
    /** Jetty takes 8 KiB. */
    private static final int HEAD_BYTES_SAFE = 7_000;

    private final Dice dice;
    private final Ground ground;
    private final Forms forms;
    private final Bearers bearers;
    private final AddressSpoiler address;
    private final HeaderSpoiler headers;
    private final BodySpoiler bodies;

    RequestGrammar(long seed, Ground ground) {
        this.dice = new Dice(seed);
        this.ground = ground;
        this.forms = new Forms(dice, ground);
        this.bearers = new Bearers(dice, ground);
        this.address = new AddressSpoiler(dice);
        this.headers = new HeaderSpoiler(dice);
        this.bodies = new BodySpoiler(dice);
    }

    Draft next() {
        Draft draft = valid(dice.of(ROUTES));
        for (int i = dice.of(0, 1, 1, 1, 2, 3); i > 0; i--) {
            spoil(draft);
        }
        // Several things that are long together are too long.
        draft.malformed |= draft.headLength() > HEAD_BYTES_SAFE;
        return draft;
    }

    private Draft valid(FuzzedRoute route) {
        boolean wears = route == FuzzedRoute.CLOSE || route == FuzzedRoute.UPDATE || route == FuzzedRoute.CONTINUE;
        Ground.Place place = route == FuzzedRoute.DELETE
                ? ground.doomed()
                : dice.of(wears ? ground.worn() : ground.places());
        Draft draft = new Draft(route);
        draft.target = route.template().replace("{session}", dice.once(2) ? place.sessionId() : place.chatId())
                .replace("{io}", dice.of("in", "out")).replace("{channel}", dice.of("progress", "a.b_c-1"))
                .replace("{name}", place.stream()).replace("{run}", place.runId())
                .replace("{attempt}", "1").replace("{version}", "v1").replace("{waitpoint}", place.waitpointId())
                .replace("*", place.chatId());
        draft.header("Authorization", "Bearer " + bearers.good(route, place));
        draft.header("Content-Type", "application/json");
        body(draft);
        if (route == FuzzedRoute.STREAM) {
            draft.header("Timeout-Seconds", "1");
        }
        if (route == FuzzedRoute.APPEND && dice.once(2)) {
            draft.header("X-Part-Id", dice.secret());
        }
        return draft;
    }

    private void body(Draft draft) {
        ObjectNode json = forms.json(draft.route.form());
        if (draft.route.form() == FuzzedRoute.Form.BATCH && dice.once(2)) {
            draft.replaceHeader("Content-Type", "application/protobuf");
            draft.body = forms.protobuf();
        } else if (json != null) {
            draft.text(json.toString());
        } else if (draft.route.form() == FuzzedRoute.Form.TEXT) {
            draft.text(forms.message());
        }
        draft.contentLength = draft.body.length == 0 && dice.once(2) ? null : String.valueOf(draft.body.length);
    }

    private void spoil(Draft draft) {
        switch (dice.below(10)) {
            case 0 -> address.spoilMethod(draft);
            case 1, 2 -> address.spoilPath(draft);
            case 3 -> address.spoilQuery(draft);
            case 4 -> spoilBearer(draft);
            case 5, 6 -> headers.spoil(draft);
            default -> spoilBody(draft);
        }
    }

    private void spoilBearer(Draft draft) {
        String value = bearers.bad();
        draft.headers.removeIf(each -> each[0].equals("Authorization"));
        if (value != null) {
            draft.header("Authorization", value);
            draft.malformed |= value.length() > 7_000 || value.chars().anyMatch(c -> c < ' ' || c > '~');
        }
    }

    private void spoilBody(Draft draft) {
        boolean announced = String.valueOf(draft.body.length).equals(draft.contentLength);
        ObjectNode json = draft.route.form() == FuzzedRoute.Form.BATCH && dice.once(2)
                ? null
                : forms.json(draft.route.form());
        if (json != null && !dice.once(3)) {
            bodies.spoilField(json);
            draft.body = json.toString().getBytes(StandardCharsets.UTF_8);
            draft.replaceHeader("Content-Type", "application/json");
        } else if (draft.headers.stream().anyMatch(each -> each[1].equals("application/protobuf")) && !dice.once(4)) {
            draft.body = bodies.flipped(draft.body);
        } else {
            draft.body = bodies.spoilText(draft.body);
        }
        if (announced || draft.contentLength == null && !draft.endless) {
            draft.contentLength = String.valueOf(draft.body.length);
        }
    }
}
