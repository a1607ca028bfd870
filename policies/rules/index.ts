import { alertAnnotations } from "./alerting/alert-annotations.ts";
import { alertDuration } from "./alerting/alert-duration.ts";
import { alertOwner } from "./alerting/alert-owner.ts";
import { alertRoutes } from "./alerting/alert-routes.ts";
import { alertSeverity } from "./alerting/alert-severity.ts";
import { dashboardLint } from "./alerting/dashboard-lint.ts";
import { grafanaAlerts } from "./alerting/grafana-alerts.ts";
import { heartbeat } from "./alerting/heartbeat.ts";
import { ruleLint } from "./alerting/rule-lint.ts";
import { closedEndpoint } from "./cluster/closed-endpoint.ts";
import { controlPlaneLogs } from "./cluster/control-plane-logs.ts";
import { deletionProtection } from "./cluster/deletion-protection.ts";
import { encryptedVolumes } from "./cluster/encrypted-volumes.ts";
import { keyRotation } from "./cluster/key-rotation.ts";
import { logRetention } from "./cluster/log-retention.ts";
import { metadataService } from "./cluster/metadata-service.ts";
import { noSsh } from "./cluster/no-ssh.ts";
import { nodeZones } from "./cluster/node-zones.ts";
import { secretsEncryption } from "./cluster/secrets-encryption.ts";
import { supportedVersion } from "./cluster/supported-version.ts";
import { volumeLifetime } from "./cluster/volume-lifetime.ts";
import type { Policy } from "./policy.ts";
import { grafanaSignIn } from "./stack/grafana-sign-in.ts";
import { grafanaTokens } from "./stack/grafana-tokens.ts";
import { grafanaWorkspace } from "./stack/grafana-workspace.ts";
import { noDefaultNamespace } from "./stack/no-default-namespace.ts";
import { protectedData } from "./stack/protected-data.ts";
import { recommendedLabels } from "./stack/recommended-labels.ts";
import { alertmanagerMembers } from "./workloads/alertmanager-members.ts";
import { disruptionBudget } from "./workloads/disruption-budget.ts";
import { distinctProbes } from "./workloads/distinct-probes.ts";
import { monitorTargets } from "./workloads/monitor-targets.ts";
import { namespacePodSecurity } from "./workloads/namespace-pod-security.ts";
import { networkPolicyTargets } from "./workloads/network-policy-targets.ts";
import { noPlainSecrets } from "./workloads/no-plain-secrets.ts";
import { pinnedImage } from "./workloads/pinned-image.ts";
import { prometheusReplicas } from "./workloads/prometheus-replicas.ts";
import { prometheusStorage } from "./workloads/prometheus-storage.ts";
import { replicasPolicy } from "./workloads/replicas.ts";
import { resourceBounds } from "./workloads/resource-bounds.ts";
import { restrictedPods } from "./workloads/restricted-pods.ts";
import { serviceTargets } from "./workloads/service-targets.ts";
import { zoneSpread } from "./workloads/zone-spread.ts";

/** Every policy of Bellwether, by area, in the order in which reports list them. */
export const policies: readonly Policy[] = [
  // workloads
  replicasPolicy,
  disruptionBudget,
  zoneSpread,
  resourceBounds,
  distinctProbes,
  pinnedImage,
  restrictedPods,
  namespacePodSecurity,
  noPlainSecrets,
  monitorTargets,
  serviceTargets,
  networkPolicyTargets,
  prometheusReplicas,
  prometheusStorage,
  alertmanagerMembers,
  // cluster
  supportedVersion,
  closedEndpoint,
  secretsEncryption,
  controlPlaneLogs,
  logRetention,
  deletionProtection,
  nodeZones,
  metadataService,
  noSsh,
  encryptedVolumes,
  volumeLifetime,
  keyRotation,
  // alerting
  alertSeverity,
  alertOwner,
  alertAnnotations,
  alertDuration,
  alertRoutes,
  ruleLint,
  dashboardLint,
  heartbeat,
  grafanaAlerts,
  // stack
  protectedData,
  noDefaultNamespace,
  recommendedLabels,
  grafanaTokens,
  grafanaWorkspace,
  grafanaSignIn,
];
