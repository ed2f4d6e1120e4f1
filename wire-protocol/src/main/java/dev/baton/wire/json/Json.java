package dev.baton.wire.json;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;

/**
 * A JSON value that Baton carries and does not interpret: base payloads, metadata. It nests in our records as JSON and
 * not as a string. Its text is kept as written by Jackson, so equal trees with equal key order are equal.
 *
 * @param text one complete JSON value
 */
@JsonSerialize(using = Json.Writer.class)
@JsonDeserialize(using = Json.Reader.class)
public record Json(String text) {
    public static final Json EMPTY_OBJECT = new Json("{}");

    public static Json of(JsonNode node) {
        return new Json(node.toString());
    }

    public JsonNode tree() {
        return WireJson.readTree(text);
    }

    public boolean has(String field) {
        return tree().hasNonNull(field);
    }

    /** This object without the named fields. */
    public Json without(String... fields) {
        ObjectNode object = object();
        for (String field : fields) {
            object.remove(field);
        }
        return of(object);
    }

    /** This object with one field set or replaced. */
    public Json with(String field, String value) {
        return of(object().put(field, value));
    }

    public Json with(String field, boolean value) {
        return of(object().put(field, value));
    }

    public Json with(String field, long value) {
        return of(object().put(field, value));
    }

    public Json with(String field, Json value) {
        return of(object().set(field, value.tree()));
    }

    /** The field's value, or null where it is absent or JSON null. */
    public Json field(String name) {
        JsonNode value = tree().get(name);
        return value == null || value.isNull() ? null : of(value);
    }

    /** The field's text, or null where it is absent or not a string. */
    public String textField(String name) {
        JsonNode value = tree().get(name);
        return value == null || !value.isTextual() ? null : value.textValue();
    }

    private ObjectNode object() {
        if (tree() instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalStateException("expected a JSON object, but was " + tree().getNodeType());
    }

    static final class Writer extends StdSerializer<Json> {
        Writer() {
            super(Json.class);
        }

        @Override
        public void serialize(Json value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeRawValue(value.text());
        }
    }

    static final class Reader extends StdDeserializer<Json> {
        Reader() {
            super(Json.class);
        }

        @Override
        public Json deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return of(context.readTree(parser));
        }
    }
}
