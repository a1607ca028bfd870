import * as pulumi from "@pulumi/pulumi";
import { InvalidInputError } from "../core/problems.ts";
import { missingSecrets } from "../core/secrets.ts";
import type { KubernetesObject } from "../kubernetes/model.ts";
import type { ResolvedMonitoring } from "./model.ts";
import { renderAmpWrite, renderEndpointWrite, renderRemoteWriteSecret } from "./remote-write.ts";
import type { renderMonitoring } from "./render.ts";
import { isRemoteWrite, type RemoteWriteTarget, storeSecrets } from "./store-settings.ts";

type Rendered = ReturnType<typeof renderMonitoring>;
type Secrets = Readonly<Record<string, pulumi.Input<string>>>;

/** The Prometheus resource with where its samples go, which is known only when that exists. */
export function withStore(
  prometheus: Rendered["prometheus"],
  { store }: ResolvedMonitoring["settings"],
  target: RemoteWriteTarget<pulumi.Input<string>> | undefined,
  sidecar: object | undefined,
): KubernetesObject {
  if (sidecar !== undefined) {
    const uploading = { ...prometheus, spec: { ...prometheus.spec, ...sidecar } };
    return uploading;
  }
  if (!isRemoteWrite(store)) return prometheus;
  // infra/platform.ts makes the store wherever the settings ask for one.
  if (store.kind === "amp" && target === undefined)
    throw new Error("store has the kind amp, and no target is given");
  const entry =
    store.kind === "endpoint"
      ? renderEndpointWrite(store)
      : renderAmpWrite(store, target as NonNullable<typeof target>);
  const sending = { ...prometheus, spec: { ...prometheus.spec, remoteWrite: [entry] } };
  return sending;
}

/** Throws an {@link InvalidInputError} for secrets of the store without a value. */
export function requireStoreSecrets(name: string, { settings }: ResolvedMonitoring, secrets: Secrets): void {
  const missing = missingSecrets(storeSecrets(settings.store, "settings.store"), secrets);
  if (missing.length > 0) throw new InvalidInputError(name, missing);
}

/** The Secret with the credentials of an endpoint; undefined where there are none. */
export function credentialsOf(
  { settings: { store }, namespaces }: ResolvedMonitoring,
  secrets: Secrets,
): KubernetesObject | undefined {
  const [credential] = storeSecrets(store, "settings.store");
  if (credential === undefined || store.kind !== "endpoint") return undefined;
  const value = pulumi.secret(secrets[credential.name] as pulumi.Input<string>);
  return renderRemoteWriteSecret(store, namespaces, value);
}
