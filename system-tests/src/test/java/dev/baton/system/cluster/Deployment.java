package dev.baton.system.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.common.config.TopicConfig;

import dev.baton.system.cluster.ServiceProcess.Service;
import dev.baton.system.support.Audit;
import dev.baton.system.support.BatonClient;
import dev.baton.wire.service.Setting;

/**
 * Baton as it runs in production: three brokers, an object store, two processes of each service, a balancer before the
 * ingresses and one before the gateways, two workers with the demo agent.
 */
public final class Deployment implements AutoCloseable {
    private static final int OF_EACH = 2;

    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<ServiceProcess> services = new ArrayList<>();
    private final List<WorkerProcess> workers = new ArrayList<>();
    private BrokerCluster brokers;
    private StoreProcess store;
    private Balancer ingress;
    private Balancer gateways;

    private Deployment() {}

    /**
     * Returns when everything is ready.
     *
     * @param settings of all services, besides where the others are
     */
    public static Deployment start(Map<String, String> settings) {
        Deployment deployment = new Deployment();
        try {
            deployment.launch(settings);
            return deployment;
        } catch (Throwable e) {
            deployment.close();
            throw e;
        }
    }

    private void launch(Map<String, String> settings) {
        brokers = keep(BrokerCluster.start());
        store = keep(StoreProcess.start());
        List<ServiceProcess> prepared = Arrays.stream(Service.values())
                .flatMap(service -> IntStream.rangeClosed(1, OF_EACH).mapToObj(n -> new ServiceProcess(service, n)))
                .toList();
        prepared.forEach(this::keep);
        ingress = keep(Balancer.start(ports(prepared, Service.INGRESS)));
        gateways = keep(Balancer.start(ports(prepared, Service.ORCHESTRATOR)));
        Map<String, String> environment = storage();
        environment.put(Setting.PUBLIC_URL.key(), ingress.url().toString());
        environment.putAll(settings);
        prepared.forEach(service -> service.environment(environment));
        allOf(prepared, ServiceProcess::start);
        services.addAll(prepared);
        for (int n = 1; n <= OF_EACH; n++) {
            workers.add(keep(new WorkerProcess(n, gateways.url().toString())));
        }
        allOf(workers, WorkerProcess::start);
    }

    /** Settings that say where the topics and the objects are. */
    private Map<String, String> storage() {
        Map<String, String> environment = new HashMap<>(brokers.environment());
        environment.putAll(store.environment());
        return environment;
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.addFirst(part);
        return part;
    }

    private static List<Integer> ports(List<ServiceProcess> of, Service service) {
        return of.stream().filter(each -> each.service() == service).map(ServiceProcess::port).toList();
    }

    private interface Step<T> {
        void run(T each);
    }

    /** On all at once; the first failure ends it. */
    private static <T> void allOf(Collection<T> all, Step<T> step) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> calls = all.stream().<Callable<Void>>map(each -> () -> {
                step.run(each);
                return null;
            }).toList();
            for (Future<Void> done : threads.invokeAll(calls)) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a part of the deployment did not start: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while starting", e);
        }
    }

    /** Through the balancer, with the default secret key. */
    public BatonClient client() {
        return new BatonClient(ingress.url(), BatonClient.SECRET_KEY);
    }

    /** As a worker sees it. */
    BatonClient gateway() {
        return new BatonClient(gateways.url(), BatonClient.SECRET_KEY);
    }

    /** Audits everything that has happened on this deployment so far. @throws AssertionError with what was found */
    public void assertAuditFindsNothing() {
        Audit.assertFindsNothing(List.of(), storage());
    }

    BrokerCluster brokers() {
        return brokers;
    }

    /** By topic of Baton, changelogs included. */
    public Map<String, String> minInSyncReplicas() throws ExecutionException, InterruptedException {
        return brokers.topicSetting("baton", TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
    }

    /** The two processes of a service. */
    public List<ServiceProcess> of(Service service) {
        return services.stream().filter(each -> each.service() == service).toList();
    }

    /** Everything that may be killed. */
    List<Member> members() {
        return Stream.of(brokers.nodes(), services, workers).<Member>flatMap(List::stream).toList();
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                throw new AssertionError("could not end a part of the deployment", e);
            }
        }
    }
}
