import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { RemoteWriteSettings, RemoteWriteTarget } from "./remote-write-settings.ts";

type RemoteWrite = NonNullable<IPrometheus["spec"]["remoteWrite"]>[number];

/** Names of records hold a colon, and no exporter's metric does. ALERTS says which alerts fired; `up` what was scraped. */
const RECORDED = ".+:.+|ALERTS|up";

/** One entry of the Prometheus resource's `remoteWrite`, signed with the credentials of its pod. Undefined: nothing is sent on. */
export function renderRemoteWrite<Text>(
  settings: RemoteWriteSettings,
  { url, region }: RemoteWriteTarget<Text>,
): (Omit<RemoteWrite, "url"> & { readonly url: Text }) | undefined {
  if (settings.kind === "none") return undefined;
  return {
    name: "amp",
    url,
    sigv4: { region },
    // As AMP's guide for Prometheus has them: it answers slower than a database next door, so more is under way at once.
    queueConfig: { maxSamplesPerSend: 1000, maxShards: 200, capacity: 2500 },
    ...(settings.series === "recorded" && {
      writeRelabelConfigs: [{ sourceLabels: ["__name__"], regex: RECORDED, action: "keep" }],
    }),
  };
}

/**
 * AMP stores one of several replicas' samples and bills it once, where they say which replica they are in this very label. Prometheus
 * keeps it for what it sends, and takes it off its alerts, whatever it is called.
 */
export function replicaLabel(settings: RemoteWriteSettings): { readonly replicaExternalLabelName?: string } {
  return settings.kind === "none" ? {} : { replicaExternalLabelName: "__replica__" };
}
