package dev.baton.snapshot.store;

import java.util.Map;
import java.util.Optional;

import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

import dev.baton.snapshot.turn.SnapshotReader;
import dev.baton.snapshot.turn.SnapshotRemover;
import dev.baton.snapshot.turn.SnapshotWriter;
import dev.baton.snapshot.turn.StoreException;
import dev.baton.snapshot.turn.StoredObject;
import dev.baton.wire.history.Snapshot;

/**
 * Snapshots in the bucket. Ours carry the user metadata {@code baton-writer: snapshotter}; what an agent uploads through
 * a presigned URL does not, even where the bytes have the same format.
 */
public final class S3Snapshots implements SnapshotReader, SnapshotWriter, SnapshotRemover {
    private static final String WRITER = "baton-writer";
    private static final String SNAPSHOTTER = "snapshotter";
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_FOUND = 404;

    private final S3Client client;
    private final String bucket;

    public S3Snapshots(ObjectStore store) {
        client = store.client();
        bucket = store.bucket();
    }

    @Override
    public StoredObject read(String object) {
        try {
            ResponseBytes<GetObjectResponse> answer = client
                    .getObjectAsBytes(request -> request.bucket(bucket).key(object));
            if (!SNAPSHOTTER.equals(answer.response().metadata().get(WRITER))) {
                return new StoredObject.AgentOwned();
            }
            String etag = answer.response().eTag();
            Optional<Snapshot> snapshot = Snapshot.read(answer.asByteArrayUnsafe());
            return snapshot.isPresent()
                    ? new StoredObject.Written(snapshot.get(), etag)
                    : new StoredObject.Damaged(etag);
        } catch (NoSuchKeyException _) {
            return new StoredObject.Absent();
        } catch (SdkException e) {
            throw new StoreException("expected to read " + object + ", but: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean write(String object, Snapshot snapshot, String replacedEtag) {
        PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(bucket).key(object)
                .contentType("application/json").metadata(Map.of(WRITER, SNAPSHOTTER));
        PutObjectRequest conditional = replacedEtag == null
                ? request.ifNoneMatch("*").build()
                : request.ifMatch(replacedEtag).build();
        try {
            client.putObject(conditional, RequestBody.fromBytes(snapshot.bytes()));
            return true;
        } catch (S3Exception e) {
            // 404: the version to replace was deleted. 409: two conditional writes met.
            if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT || e.statusCode() == NOT_FOUND) {
                return false;
            }
            throw failed(object, e);
        } catch (SdkException e) {
            throw failed(object, e);
        }
    }

    @Override
    public void remove(String object) {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(object));
        } catch (SdkException e) {
            throw new StoreException("expected to remove " + object + ", but: " + e.getMessage(), e);
        }
    }

    private static StoreException failed(String object, SdkException e) {
        return new StoreException("expected to write " + object + ", but: " + e.getMessage(), e);
    }
}
