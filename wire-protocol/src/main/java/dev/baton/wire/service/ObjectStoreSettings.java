package dev.baton.wire.service;

import java.net.URI;
import java.time.Duration;

/**
 * Where snapshots lie: any S3-compatible store, addressed path style (features #190). The one reading of the
 * {@code OBJECT_STORE_*} settings, for those who write objects and for those who sign URLs.
 *
 * @param endpoint absolute URL of the store
 */
public record ObjectStoreSettings(URI endpoint, String accessKeyId, String secretAccessKey, String bucket,
        String region) {
    /** How long a URL that was handed out reads or writes an object (contract §1.8). Clients use it at once. */
    public static final Duration URL_VALIDITY = Duration.ofHours(1);

    /** @throws SettingsException with one line for the operator when a setting is missing or is no absolute URL */
    public static ObjectStoreSettings of(Settings settings) {
        return new ObjectStoreSettings(endpoint(settings), settings.required(Setting.OBJECT_STORE_ACCESS_KEY_ID),
                settings.required(Setting.OBJECT_STORE_SECRET_ACCESS_KEY), settings.text(Setting.OBJECT_STORE_BUCKET),
                settings.text(Setting.OBJECT_STORE_REGION));
    }

    private static URI endpoint(Settings settings) {
        String text = settings.required(Setting.OBJECT_STORE_BASE_URL);
        try {
            URI endpoint = URI.create(text);
            if (endpoint.getHost() != null) {
                return endpoint;
            }
        } catch (IllegalArgumentException _) {
            // The same mistake as no host: told below.
        }
        throw new SettingsException("expected an S3 store at an absolute URL (" + Setting.OBJECT_STORE_BASE_URL.key()
                + "), but it is '" + text + "'");
    }

    /** Keys stay out of logs. */
    @Override
    public String toString() {
        return "ObjectStoreSettings[" + endpoint + ", bucket " + bucket + "]";
    }
}
