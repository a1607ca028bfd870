import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { ISecret } from "kubernetes-models/v1/Secret";
import { REPLICA_LABEL } from "../thanos/model.ts";
import { metadataOf, type Namespaces, placed, WORKLOADS } from "../workloads/model.ts";
import { isRemoteWrite, type RemoteWriteTarget, type StoreSettings } from "./store-settings.ts";

type RemoteWrite = NonNullable<IPrometheus["spec"]["remoteWrite"]>[number];
type Endpoint = Extract<StoreSettings, { readonly kind: "endpoint" }>;

/** Names of records hold a colon, and no exporter's metric does. ALERTS says which alerts fired; `up` what was scraped. */
const RECORDED = ".+:.+|ALERTS|up";

/** The label that replicas differ by, of Cortex's high-availability tracker, which AMP and Mimir have too. */
const REPLICA = "__replica__";

/** The Secret with the credentials of an endpoint, in the namespace of Prometheus, and its keys. */
const SECRET = { name: "prometheus-remote-write", user: "username", credentials: "credentials" } as const;

/** The Secret with the credentials of an endpoint, of a text or of one that only exists later; undefined where there are none. */
export function renderRemoteWriteSecret<Text>(
  { authentication }: Endpoint,
  namespaces: Namespaces,
  credentials: Text,
): (ISecret & { readonly stringData: Readonly<Record<string, string | Text>> }) | undefined {
  if (authentication === undefined) return undefined;
  const user = authentication.kind === "basic" ? { [SECRET.user]: authentication.username } : {};
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(placed(WORKLOADS.prometheus, namespaces), SECRET.name),
    type: "Opaque",
    stringData: { ...user, [SECRET.credentials]: credentials } as ISecret["stringData"] &
      Readonly<Record<string, string | Text>>,
  };
}

/** One entry of the Prometheus resource's `remoteWrite` to AMP, signed with the credentials of its pod. */
export function renderAmpWrite<Text>(
  { series }: Pick<Endpoint, "series">,
  { url, region }: RemoteWriteTarget<Text>,
): Omit<RemoteWrite, "url"> & { readonly url: Text } {
  return {
    name: "amp",
    url,
    sigv4: { region },
    // As AMP's guide for Prometheus has them: it answers slower than a database next door, so more is under way at once.
    queueConfig: { maxSamplesPerSend: 1000, maxShards: 200, capacity: 2500 },
    // Left out, they are lost without an error. AMP stores them:
    // https://aws.amazon.com/blogs/mt/introducing-native-histogram-support-in-amazon-managed-service-for-prometheus/
    sendNativeHistograms: true,
    ...relabelled(recordedOnly(series)),
  };
}

/** One entry of the Prometheus resource's `remoteWrite` to an endpoint of any kind. */
export function renderEndpointWrite(settings: Endpoint): RemoteWrite {
  const { url, series, tenant, tenantHeader, replicaLabel: isLabelled, nativeHistograms } = settings;
  return {
    name: "store",
    url,
    ...credentials(settings.authentication),
    ...(tenant === undefined ? {} : { headers: { [tenantHeader]: tenant } }),
    ...(nativeHistograms ? { sendNativeHistograms: true } : {}),
    ...relabelled([
      ...recordedOnly(series),
      // External labels are there already when these rules are applied.
      ...(isLabelled ? [] : [{ regex: REPLICA, action: "labeldrop" as const }]),
    ]),
  };
}

function credentials(chosen: Endpoint["authentication"]): Pick<RemoteWrite, "basicAuth" | "authorization"> {
  if (chosen === undefined) return {};
  const { name } = SECRET;
  const secret = { name, key: SECRET.credentials };
  if (chosen.kind === "bearer") return { authorization: { type: "Bearer", credentials: secret } };
  return { basicAuth: { username: { name, key: SECRET.user }, password: secret } };
}

function recordedOnly(series: Endpoint["series"]): NonNullable<RemoteWrite["writeRelabelConfigs"]> {
  return series === "recorded" ? [{ sourceLabels: ["__name__"], regex: RECORDED, action: "keep" }] : [];
}

function relabelled(rules: NonNullable<RemoteWrite["writeRelabelConfigs"]>) {
  return rules.length === 0 ? {} : { writeRelabelConfigs: rules };
}

/**
 * AMP stores one of several replicas' samples and bills it once, where they say which replica they are in this very label; so do Mimir and
 * Cortex. Prometheus keeps it for what it sends, and takes it off its alerts, whatever it is called.
 */
export function replicaLabel(settings: StoreSettings): { readonly replicaExternalLabelName?: string } {
  if (settings.kind === "thanos") return { replicaExternalLabelName: REPLICA_LABEL };
  return isRemoteWrite(settings) ? { replicaExternalLabelName: REPLICA } : {};
}
