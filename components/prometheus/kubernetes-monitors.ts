import type { IPodMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor";
import { KARPENTER } from "../autoscaler/model.ts";
import { absentJobs, JOBS, type Job } from "../signals/jobs.ts";
import type { Namespaces } from "../workloads/model.ts";
import { selectorOf } from "../workloads/model.ts";
import { kubeletService } from "./existing-programs.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { dropMetrics, type Endpoint, podMonitor, serviceMonitor } from "./monitors.ts";
import { API_SERVICE, KUBERNETES_CLASS } from "./scrape-class.ts";

/**
 * The monitors of Kubernetes itself. Together these targets bring more series than everything else on a small cluster, most of
 * them histograms that nobody reads: what is dropped here is dropped before it is stored.
 */
export function renderKubernetesMonitors({ cluster, settings, namespaces }: ResolvedMonitoring) {
  const kubelets = kubeletService(settings.operator);
  // EKS signs the kubelets' serving certificates with the cluster's CA. Elsewhere, kind included, kubelets sign their own.
  const verified = cluster.distribution === "eks";
  const absent = absentJobs(cluster);
  const has = (job: Job) => !absent.includes(job);
  return {
    "monitor-kubelet": ofKubelet(namespaces, JOBS.kubelet, kubelets, verified, KUBELET_ENDPOINT),
    "monitor-cadvisor": ofKubelet(namespaces, JOBS.cadvisor, kubelets, verified, CADVISOR_ENDPOINT),
    "monitor-apiserver": ofApiServer(namespaces, JOBS.apiserver, API_SERVER_ENDPOINT),
    ...(has(JOBS.coredns) && { "monitor-coredns": renderDnsMonitor(namespaces) }),
    // EKS runs the scheduler and the controller manager out of reach and serves their metrics from an API group of the API
    // server. Elsewhere they listen on the control plane's loopback: a monitor for them would only raise false alerts.
    ...(has(JOBS.awsNode) && { "monitor-aws-node": renderAwsNodeMonitor(namespaces) }),
    ...(has(JOBS.karpenter) && { "monitor-karpenter": renderKarpenterMonitor(namespaces) }),
    ...(cluster.distribution === "eks"
      ? {
          "monitor-kube-scheduler": ofApiServer(namespaces, JOBS.kubeScheduler, eksEndpoint("ksh")),
          "monitor-kube-controller-manager": ofApiServer(
            namespaces,
            JOBS.kubeControllerManager,
            eksEndpoint("kcm"),
          ),
        }
      : {}),
  };
}

function renderDnsMonitor(namespaces: Namespaces) {
  return serviceMonitor(namespaces, {
    job: JOBS.coredns,
    namespace: "kube-system",
    matchLabels: { "k8s-app": "kube-dns" },
    endpoints: [
      {
        port: "metrics",
        // Sizes of questions and answers, by server, zone, type and protocol.
        metricRelabelings: [dropMetrics("coredns_dns_(request|response)_size_bytes_bucket")],
      },
    ],
  });
}

function renderKarpenterMonitor(namespaces: Namespaces) {
  return serviceMonitor(namespaces, {
    job: JOBS.karpenter,
    namespace: KARPENTER.namespace,
    matchLabels: selectorOf(KARPENTER),
    endpoints: [
      {
        port: "metrics",
        metricRelabelings: [
          // Prices and sizes of every instance type in every zone, and histograms of the controller's own calls.
          dropMetrics(
            "karpenter_cloudprovider_instance_type_(cpu_cores|memory_bytes|offering_(available|price_estimate))",
            "(controller_runtime|rest_client|workqueue|aws_sdk_go|client_go)_.+_bucket",
            "karpenter_(pods_state|pods_.+_bucket)",
          ),
        ],
      },
    ],
  });
}

/**
 * The agents of EKS's network plug-in. They run on the nodes' own network and have no Service, so they are found as pods; like a
 * node's other metrics, theirs are told apart by the node.
 */
function renderAwsNodeMonitor(namespaces: Namespaces): IPodMonitor {
  return podMonitor(namespaces, {
    job: JOBS.awsNode,
    namespace: "kube-system",
    selector: { matchLabels: { "k8s-app": "aws-node" } },
    endpoint: {
      port: "metrics",
      relabelings: [
        { action: "replace", sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" },
        { action: "replace", sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "instance" },
        { action: "labeldrop", regex: "pod|container|endpoint" },
      ],
      // A summary for each call of EC2's API, by name, error and status.
      metricRelabelings: [dropMetrics("awscni_aws_api_latency_ms.*", "go_.+", "controller_runtime_.+")],
    },
  });
}

function ofKubelet(
  namespaces: Namespaces,
  job: typeof JOBS.kubelet | typeof JOBS.cadvisor,
  kubelets: ReturnType<typeof kubeletService>,
  verified: boolean,
  endpoint: Partial<Endpoint>,
) {
  return serviceMonitor(namespaces, {
    job,
    namespace: kubelets.namespace,
    // Every operator writes this label. The scrape class keeps the Service whose name it knows.
    matchLabels: { "app.kubernetes.io/name": "kubelet" },
    scrapeClass: KUBERNETES_CLASS,
    endpoints: [
      {
        port: "https-metrics",
        scheme: "https",
        ...(verified ? {} : { tlsConfig: { insecureSkipVerify: true } }),
        // A volume's or container's namespace and pod are its own, not the kubelet's.
        honorLabels: true,
        ...endpoint,
      },
    ],
  });
}

const KUBELET_ENDPOINT: Partial<Endpoint> = {
  metricRelabelings: [
    // Histograms of the kubelet's own calls. Pod start and relisting, which alerts read, stay.
    dropMetrics(
      "(apiserver|authentication|authorization|csi|rest_client|storage|workqueue)_.+_bucket",
      "kubelet_(cgroup_manager|device_plugin|http_requests|runtime_operations|server_.+)_.+_bucket",
      "(kubernetes_feature_enabled|kubelet_container_log_filesystem_used_bytes)",
    ),
  ],
};

const CADVISOR_ENDPOINT: Partial<Endpoint> = {
  path: "/metrics/cadvisor",
  // cAdvisor stamps samples with the time of its own, slower round; with them, a container that is gone lives on for minutes.
  honorTimestamps: false,
  metricRelabelings: [
    dropMetrics(
      "container_(tasks_state|last_seen|start_time_seconds|ulimits_soft|file_descriptors|sockets|threads.*)",
      "container_(cpu_load.*|memory_failures_total|memory_failcnt|memory_mapped_file|spec_.*)",
      "container_(blkio_.*|fs_inodes.*|fs_io_.*|fs_sector_.*|fs_.+_seconds_total|fs_.+_merged_total)",
      "container_(hugetlb|network_(tcp|udp)|perf_events|referenced).*",
    ),
    // Control groups that are no pod's: slices and system services, a series each for every metric. The root, `/`, is the node.
    { action: "drop", sourceLabels: ["id", "pod"], regex: "/.+;" },
  ],
};

function ofApiServer(
  namespaces: Namespaces,
  job: typeof JOBS.apiserver | typeof JOBS.kubeScheduler | typeof JOBS.kubeControllerManager,
  endpoint: Partial<Endpoint>,
) {
  return serviceMonitor(namespaces, {
    job,
    namespace: API_SERVICE.namespace,
    matchLabels: { component: "apiserver", provider: "kubernetes" },
    scrapeClass: KUBERNETES_CLASS,
    endpoints: [
      {
        port: "https",
        scheme: "https",
        // Targets are addresses; the certificate carries this name in every cluster.
        tlsConfig: { serverName: `${API_SERVICE.name}.${API_SERVICE.namespace}.svc` },
        ...endpoint,
      },
    ],
  });
}

const API_SERVER_ENDPOINT: Partial<Endpoint> = {
  metricRelabelings: [
    // Tens of thousands of series, by resource and verb. Request durations, which alerts read, stay.
    dropMetrics(
      "apiserver_(admission|cel|delegated|envelope|flowcontrol|kube_aggregator|response|storage|watch)_.+_bucket",
      "apiserver_(request_body_size|request_sli_duration|request_slo_duration)_.+_bucket",
      "(authentication|authorization|etcd|field_validation|rest_client|workqueue)_.+_bucket",
      "(kubernetes_feature_enabled|apiserver_longrunning_requests)",
    ),
    // Half of its 23 buckets tell a fast answer from a slow one as well, up to the timeout of a minute.
    {
      action: "drop",
      sourceLabels: ["__name__", "le"],
      regex:
        "apiserver_request_duration_seconds_bucket;(0\\.005|0\\.6|0\\.8|1\\.25|1\\.5|3|4|6|8|15|20|45)(\\.0)?",
    },
  ],
};

function eksEndpoint(component: "ksh" | "kcm"): Partial<Endpoint> {
  return {
    path: `/apis/metrics.eks.amazonaws.com/v1/${component}/container/metrics`,
    metricRelabelings: [
      dropMetrics(
        "(apiserver|authentication|authorization|rest_client|workqueue)_.+_bucket",
        "(kubernetes_feature_enabled)",
      ),
    ],
  };
}
