import { accessKeys } from "./access/access-keys.ts";
import { clusterAccess } from "./access/cluster-access.ts";
import { iamFullAccess } from "./access/iam-full-access.ts";
import { iamMachineAdministrators } from "./access/iam-machine-administrators.ts";
import { iamPassRole } from "./access/iam-pass-role.ts";
import { iamServiceWildcards } from "./access/iam-service-wildcards.ts";
import { iamTrust } from "./access/iam-trust.ts";
import { openResourcePolicy } from "./access/open-resource-policy.ts";
import { rbacAdministrators } from "./access/rbac-administrators.ts";
import { rbacAnonymous } from "./access/rbac-anonymous.ts";
import { rbacEscalation } from "./access/rbac-escalation.ts";
import { rbacSecrets } from "./access/rbac-secrets.ts";
import { rbacWildcards } from "./access/rbac-wildcards.ts";
import { alertAnnotations } from "./alerting/alert-annotations.ts";
import { alertDuration } from "./alerting/alert-duration.ts";
import { alertOwner } from "./alerting/alert-owner.ts";
import { alertRoutes } from "./alerting/alert-routes.ts";
import { alertSeverity } from "./alerting/alert-severity.ts";
import { alertmanagerKeys } from "./alerting/alertmanager-keys.ts";
import { dashboardLint } from "./alerting/dashboard-lint.ts";
import { fallbackReceiver } from "./alerting/fallback-receiver.ts";
import { grafanaAlerts } from "./alerting/grafana-alerts.ts";
import { heartbeat } from "./alerting/heartbeat.ts";
import { inhibition } from "./alerting/inhibition.ts";
import { monitorCredentials } from "./alerting/monitor-credentials.ts";
import { monitorSelection } from "./alerting/monitor-selection.ts";
import { pageDelay } from "./alerting/page-delay.ts";
import { pageGroups } from "./alerting/page-groups.ts";
import { pageMutes } from "./alerting/page-mutes.ts";
import { pageReceivers } from "./alerting/page-receivers.ts";
import { pageRepeat } from "./alerting/page-repeat.ts";
import { prometheusAdminApi } from "./alerting/prometheus-admin-api.ts";
import { prometheusAlerting } from "./alerting/prometheus-alerting.ts";
import { prometheusIdentity } from "./alerting/prometheus-identity.ts";
import { ruleGroupInterval } from "./alerting/rule-group-interval.ts";
import { ruleGroupSize } from "./alerting/rule-group-size.ts";
import { ruleLint } from "./alerting/rule-lint.ts";
import { ruleSelection } from "./alerting/rule-selection.ts";
import { scrapeInterval } from "./alerting/scrape-interval.ts";
import { addonVersions } from "./cluster/addon-versions.ts";
import { closedEndpoint } from "./cluster/closed-endpoint.ts";
import { controlPlaneLogs } from "./cluster/control-plane-logs.ts";
import { deletionProtection } from "./cluster/deletion-protection.ts";
import { encryptedVolumes } from "./cluster/encrypted-volumes.ts";
import { keyRotation } from "./cluster/key-rotation.ts";
import { logEncryption } from "./cluster/log-encryption.ts";
import { logRetention } from "./cluster/log-retention.ts";
import { metadataService } from "./cluster/metadata-service.ts";
import { noSsh } from "./cluster/no-ssh.ts";
import { nodeUpdates } from "./cluster/node-updates.ts";
import { nodeZones } from "./cluster/node-zones.ts";
import { secretsEncryption } from "./cluster/secrets-encryption.ts";
import { spotNodes } from "./cluster/spot-nodes.ts";
import { supportedVersion } from "./cluster/supported-version.ts";
import { volumeLifetime } from "./cluster/volume-lifetime.ts";
import { exposedMonitoring } from "./network/exposed-monitoring.ts";
import { flowLogs } from "./network/flow-logs.ts";
import { ingressTls } from "./network/ingress-tls.ts";
import { namespaceIsolation } from "./network/namespace-isolation.ts";
import { natPerZone } from "./network/nat-per-zone.ts";
import { networkPolicyOpen } from "./network/network-policy-open.ts";
import { nodePorts } from "./network/node-ports.ts";
import { openSecurityGroup } from "./network/open-security-group.ts";
import { privateNodes } from "./network/private-nodes.ts";
import { privateSubnets } from "./network/private-subnets.ts";
import { publicBuckets } from "./network/public-buckets.ts";
import type { Policy } from "./policy.ts";
import { grafanaSignIn } from "./stack/grafana-sign-in.ts";
import { grafanaTokens } from "./stack/grafana-tokens.ts";
import { grafanaWorkspace } from "./stack/grafana-workspace.ts";
import { noDefaultNamespace } from "./stack/no-default-namespace.ts";
import { ownerTags } from "./stack/owner-tags.ts";
import { pinnedChart } from "./stack/pinned-chart.ts";
import { protectedData } from "./stack/protected-data.ts";
import { recommendedLabels } from "./stack/recommended-labels.ts";
import { registryImages } from "./stack/registry-images.ts";
import { alertmanagerMembers } from "./workloads/alertmanager-members.ts";
import { autoscalerBounds } from "./workloads/autoscaler-bounds.ts";
import { dataVolumes } from "./workloads/data-volumes.ts";
import { disruptionBudget } from "./workloads/disruption-budget.ts";
import { distinctProbes } from "./workloads/distinct-probes.ts";
import { errorBudget } from "./workloads/error-budget.ts";
import { imageRegistries } from "./workloads/image-registries.ts";
import { jobBounds } from "./workloads/job-bounds.ts";
import { monitorTargets } from "./workloads/monitor-targets.ts";
import { namespacePodSecurity } from "./workloads/namespace-pod-security.ts";
import { networkPolicyTargets } from "./workloads/network-policy-targets.ts";
import { noPlainSecrets } from "./workloads/no-plain-secrets.ts";
import { pinnedImage } from "./workloads/pinned-image.ts";
import { prometheusReplicas } from "./workloads/prometheus-replicas.ts";
import { prometheusStorage } from "./workloads/prometheus-storage.ts";
import { readOnlyRoot } from "./workloads/read-only-root.ts";
import { replicasPolicy } from "./workloads/replicas.ts";
import { resourceBounds } from "./workloads/resource-bounds.ts";
import { restrictedPods } from "./workloads/restricted-pods.ts";
import { rollingUpdate } from "./workloads/rolling-update.ts";
import { serviceAccountTokens } from "./workloads/service-account-tokens.ts";
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
  errorBudget,
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
  autoscalerBounds,
  dataVolumes,
  imageRegistries,
  jobBounds,
  readOnlyRoot,
  rollingUpdate,
  serviceAccountTokens,
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
  addonVersions,
  logEncryption,
  nodeUpdates,
  spotNodes,
  // network
  exposedMonitoring,
  flowLogs,
  ingressTls,
  namespaceIsolation,
  natPerZone,
  networkPolicyOpen,
  nodePorts,
  openSecurityGroup,
  privateNodes,
  privateSubnets,
  publicBuckets,
  // access
  accessKeys,
  clusterAccess,
  iamFullAccess,
  iamMachineAdministrators,
  iamPassRole,
  iamServiceWildcards,
  iamTrust,
  openResourcePolicy,
  rbacAdministrators,
  rbacAnonymous,
  rbacEscalation,
  rbacSecrets,
  rbacWildcards,
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
  alertmanagerKeys,
  fallbackReceiver,
  inhibition,
  monitorCredentials,
  monitorSelection,
  pageDelay,
  pageGroups,
  pageMutes,
  pageReceivers,
  pageRepeat,
  prometheusAdminApi,
  prometheusAlerting,
  prometheusIdentity,
  ruleGroupInterval,
  ruleGroupSize,
  ruleSelection,
  scrapeInterval,
  // stack
  protectedData,
  noDefaultNamespace,
  recommendedLabels,
  grafanaTokens,
  grafanaWorkspace,
  grafanaSignIn,
  ownerTags,
  pinnedChart,
  registryImages,
];
