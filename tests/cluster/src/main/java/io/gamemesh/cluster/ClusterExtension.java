package io.gamemesh.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Behind {@link ClusterTest}: one cluster a run, one namespace a class, evidence of each failure. */
final class ClusterExtension
        implements BeforeAllCallback,
                AfterAllCallback,
                AfterTestExecutionCallback,
                LifecycleMethodExecutionExceptionHandler,
                ParameterResolver {

    private static final System.Logger LOG = System.getLogger(ClusterExtension.class.getName());
    private static final Namespace STORE = Namespace.create(ClusterExtension.class);
    private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^a-z0-9]+");

    @Override
    public void beforeAll(ExtensionContext context) {
        namespace(context);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> collect(context, context.getDisplayName()));
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        collect(context, "before-all");
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        collect(context, context.getDisplayName());
        throw failure;
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        collect(context, context.getDisplayName());
        throw failure;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        try {
            cluster(context).deleteNamespace(namespace(context));
        } catch (IllegalStateException | ConditionTimeoutException leftBehind) {
            collect(context, "deletion");
            throw leftBehind;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestNamespace.class || type == TestCluster.class || type == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == TestCluster.class) {
            return cluster(context);
        }
        return type == TestNamespace.class
                ? namespace(context)
                : namespace(context).client();
    }

    private static void collect(ExtensionContext context, String what) {
        Path folder = Path.of(
                        "target",
                        "cluster-failures",
                        context.getRequiredTestClass().getSimpleName())
                .resolve(NOT_IN_A_NAME.matcher(what.toLowerCase(Locale.ROOT)).replaceAll("-"))
                .toAbsolutePath();
        Evidence evidence = new Evidence(cluster(context).client(), folder);
        evidence.collect(List.of(namespace(context).name(), TestCluster.OPERATOR_NAMESPACE));
        evidence.add(cluster(context).furtherEvidence());
        LOG.log(System.Logger.Level.ERROR, "what explains the failure of {0} is in {1}", what, folder);
    }

    private static TestCluster cluster(ExtensionContext context) {
        return Objects.requireNonNull(context.getRoot()
                .getStore(STORE)
                .getOrComputeIfAbsent(TestCluster.class, key -> TestCluster.open(), TestCluster.class));
    }

    /** An instance that is shared by its methods is constructed before all else, so whoever comes first makes it. */
    private static TestNamespace namespace(ExtensionContext context) {
        return Objects.requireNonNull(store(context)
                .getOrComputeIfAbsent(TestNamespace.class, key -> newNamespace(context), TestNamespace.class));
    }

    private static TestNamespace newNamespace(ExtensionContext context) {
        TestCluster cluster = cluster(context);
        Class<?> test = context.getRequiredTestClass();
        if (Objects.requireNonNull(test.getAnnotation(ClusterTest.class)).operator()) {
            cluster.awaitOperator();
        }
        return cluster.createNamespace(NOT_IN_A_NAME
                .matcher(test.getSimpleName().toLowerCase(Locale.ROOT))
                .replaceAll("-"));
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(STORE);
    }
}
