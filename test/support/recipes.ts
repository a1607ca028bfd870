/** The real programs that the tests run: of the versions that are deployed, built from the Go modules under test/tools. */
export type ToolName =
  | "prometheus"
  | "promtool"
  | "history"
  | "alertmanager"
  | "amtool"
  | "node_exporter"
  | "prometheus-config-reloader"
  | "pulumi"
  | "sloth"
  | "etcd"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "certificates"
  | "kwok"
  | "operator"
  | "kube-state-metrics"
  | "cortex"
  | "thanos"
  | "pusher"
  | "actionlint";

/** How a tool is built. */
export interface Recipe {
  /** The folder of test/tools whose go.mod pins the tool. The families clash, so each is a Go module of its own. */
  readonly family:
    | "prometheus"
    | "alertmanager"
    | "node-exporter"
    | "config-reloader"
    | "pulumi"
    | "sloth"
    | "etcd"
    | "kubernetes"
    | "kwok"
    | "operator"
    | "kube-state-metrics"
    | "cortex"
    | "thanos"
    | "otlp"
    | "actionlint";
  readonly goPackage: string;
  /** The Go module in go.mod whose version is the tool's. */
  readonly goModule: string;
  /** From the version of the Go module, without its v, to the version that the tool prints. */
  readonly release: (moduleVersion: string) => string;
  /** The Go variables that the linker sets, and their values: built from a module, many a tool does not know its version. */
  readonly versionVariables: readonly (readonly [name: string, value: (release: string) => string])[];
  readonly versionArguments: readonly string[];
  readonly tags?: readonly string[];
  /** Files that the Go module lacks: path in the module → file beside go.mod. */
  readonly added?: Readonly<Record<string, string>>;
  /** Files beside go.mod that are compiled: the tool is this repository's own. */
  readonly sources?: readonly string[];
}

const asIs = (version: string) => version;

const prometheus = {
  family: "prometheus",
  goModule: "github.com/prometheus/prometheus",
  // Prometheus 3.13.5 is module v0.313.5: the minor is 100 × major + minor.
  release: (version: string) => {
    const [, minor = "", patch = ""] = version.split(".");
    return `${Math.floor(Number(minor) / 100)}.${Number(minor) % 100}.${patch}`;
  },
  versionVariables: [["github.com/prometheus/common/version.Version", asIs]],
  versionArguments: ["--version"],
  // Discovery in two dozen clouds is most of what there is to compile; the platform discovers in Kubernetes only.
  tags: ["remove_all_sd", "enable_kubernetes_sd", "netgo"],
} as const;

const alertmanager = {
  family: "alertmanager",
  goModule: "github.com/prometheus/alertmanager",
  release: asIs,
  versionVariables: [["github.com/prometheus/common/version.Version", asIs]],
  versionArguments: ["--version"],
  tags: ["netgo"],
} as const;

const kubernetes = {
  family: "kubernetes",
  goModule: "k8s.io/kubernetes",
  release: asIs,
  versionVariables: [
    ["k8s.io/component-base/version.gitVersion", (release) => `v${release}`],
    ["k8s.io/component-base/version.gitMajor", (release) => release.split(".")[0] ?? ""],
    ["k8s.io/component-base/version.gitMinor", (release) => release.split(".")[1] ?? ""],
  ],
  versionArguments: ["--version"],
} as const satisfies Partial<Recipe>;

/** How each is built. */
export const RECIPES: Readonly<Record<ToolName, Recipe>> = {
  prometheus: { ...prometheus, goPackage: "github.com/prometheus/prometheus/cmd/prometheus" },
  promtool: { ...prometheus, goPackage: "github.com/prometheus/prometheus/cmd/promtool" },
  history: { ...prometheus, goPackage: "./history", sources: ["history/alerts.go", "history/main.go"] },
  alertmanager: {
    ...alertmanager,
    goPackage: "github.com/prometheus/alertmanager/cmd/alertmanager",
    added: { "ui/app/dist/no-user-interface.txt": "no-user-interface.txt" },
  },
  amtool: { ...alertmanager, goPackage: "github.com/prometheus/alertmanager/cmd/amtool" },
  node_exporter: {
    family: "node-exporter",
    goModule: "github.com/prometheus/node_exporter",
    goPackage: "github.com/prometheus/node_exporter",
    release: asIs,
    versionVariables: [["github.com/prometheus/common/version.Version", asIs]],
    versionArguments: ["--version"],
    tags: ["netgo"],
  },
  "prometheus-config-reloader": {
    family: "config-reloader",
    goModule: "github.com/prometheus-operator/prometheus-operator",
    goPackage: "github.com/prometheus-operator/prometheus-operator/cmd/prometheus-config-reloader",
    release: asIs,
    versionVariables: [["github.com/prometheus/common/version.Version", asIs]],
    versionArguments: ["--version"],
    tags: ["netgo"],
  },
  pulumi: {
    family: "pulumi",
    goPackage: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    goModule: "github.com/pulumi/pulumi/pkg/v3",
    release: asIs,
    // Without it the Automation API refuses the empty version.
    versionVariables: [
      ["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version", (release) => `v${release}`],
    ],
    versionArguments: ["version"],
  },
  // Nothing of the platform runs it: it is the generator that the rules of the SLOs are measured against.
  sloth: {
    family: "sloth",
    goPackage: "github.com/slok/sloth/cmd/sloth",
    goModule: "github.com/slok/sloth",
    release: asIs,
    versionVariables: [["github.com/slok/sloth/internal/info.Version", (release) => `v${release}`]],
    versionArguments: ["version"],
    tags: ["netgo"],
  },
  etcd: {
    family: "etcd",
    goPackage: "go.etcd.io/etcd/server/v3",
    goModule: "go.etcd.io/etcd/server/v3",
    release: asIs,
    versionVariables: [],
    versionArguments: ["--version"],
  },
  "kube-apiserver": { ...kubernetes, goPackage: "k8s.io/kubernetes/cmd/kube-apiserver" },
  "kube-controller-manager": { ...kubernetes, goPackage: "k8s.io/kubernetes/cmd/kube-controller-manager" },
  "kube-scheduler": { ...kubernetes, goPackage: "k8s.io/kubernetes/cmd/kube-scheduler" },
  certificates: {
    ...kubernetes,
    goPackage: "./certificates",
    sources: ["certificates/main.go"],
    versionVariables: [],
  },
  // It plays the kubelets of nodes that do not exist, so that pods run without a container engine.
  kwok: {
    family: "kwok",
    goPackage: "sigs.k8s.io/kwok/cmd/kwok",
    goModule: "sigs.k8s.io/kwok",
    release: asIs,
    versionVariables: [],
    versionArguments: ["--version"],
  },
  operator: {
    family: "operator",
    goPackage: "github.com/prometheus-operator/prometheus-operator/cmd/operator",
    goModule: "github.com/prometheus-operator/prometheus-operator",
    release: asIs,
    versionVariables: [["github.com/prometheus/common/version.Version", asIs]],
    versionArguments: ["--version"],
  },
  "kube-state-metrics": {
    family: "kube-state-metrics",
    goPackage: "k8s.io/kube-state-metrics/v2",
    goModule: "k8s.io/kube-state-metrics/v2",
    release: asIs,
    versionVariables: [["github.com/prometheus/common/version.Version", (release) => `v${release}`]],
    versionArguments: ["version"],
  },
  // Amazon Managed Service for Prometheus is Cortex underneath, and cannot be run here.
  cortex: {
    family: "cortex",
    goPackage: "github.com/cortexproject/cortex/cmd/cortex",
    goModule: "github.com/cortexproject/cortex",
    release: asIs,
    versionVariables: [["main.Version", asIs]],
    versionArguments: ["-version"],
    tags: ["netgo", "slicelabels"],
  },
  // Not part of npm test: npm run test:engines builds it.
  thanos: {
    family: "thanos",
    goPackage: "github.com/thanos-io/thanos/cmd/thanos",
    goModule: "github.com/thanos-io/thanos",
    release: asIs,
    versionVariables: [["github.com/prometheus/common/version.Version", asIs]],
    versionArguments: ["--version"],
    // It reads labels as slices of memory; with the other form of them the sidecar ends with a panic at its first answer.
    tags: ["netgo", "slicelabels"],
  },
  // A service that counts and pushes with OpenTelemetry's SDK for Go.
  pusher: {
    family: "otlp",
    goPackage: "./pusher",
    goModule: "go.opentelemetry.io/otel/sdk/metric",
    release: asIs,
    versionVariables: [],
    versionArguments: ["-version"],
    sources: ["pusher/main.go"],
  },
  actionlint: {
    family: "actionlint",
    goPackage: "github.com/rhysd/actionlint/cmd/actionlint",
    goModule: "github.com/rhysd/actionlint",
    release: asIs,
    versionVariables: [["github.com/rhysd/actionlint.version", asIs]],
    versionArguments: ["-version"],
  },
};
