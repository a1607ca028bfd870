import * as pulumi from "@pulumi/pulumi";
import { Grafana, type GrafanaArgs } from "../../../components/grafana/component.ts";
import { registrationsEnded } from "../../support/pulumi-mocks.ts";
import { CONTENT, IN_CLUSTER } from "./samples.ts";

export interface Registered {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are whatever the SDK sends.
  readonly inputs: any;
  readonly provider: string;
}

/** What a resource was given beside its inputs, by its logical name. */
interface Options {
  readonly parent: string | undefined;
  readonly protect: boolean;
  readonly dependsOn: readonly string[];
}

/** What was registered since the lists were last emptied, in order, and its options. */
export const registered: Registered[] = [];
export const options = new Map<string, Options>();

pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs, id, provider }) => {
      registered.push({ type, name, inputs, provider: provider ?? "" });
      const computed = type.endsWith("AccountToken") ? { key: `glsa_${inputs.name}` } : {};
      const { namespace, name: given } = inputs.metadata ?? {};
      const named = namespace && !given ? `${namespace}/${name}-named-by-the-provider` : `${name}-id`;
      return { id: id || named, state: { ...inputs, ...computed } };
    },
    call: ({ inputs }) => inputs,
  },
  "bellwether",
  "test",
);

const SECRETS = {
  grafanaAdminPassword: pulumi.output("correct horse"),
  grafanaSecretKey: pulumi.output("battery staple"),
  grafanaToken: pulumi.output("glsa_token"),
};

export const ARGS: GrafanaArgs = {
  ...CONTENT,
  settings: IN_CLUSTER,
  secrets: SECRETS,
  namespace: "monitoring",
  today: "2026-11-23",
  place: { accountId: "111122223333", region: "eu-central-1", tags: { "bellwether:environment": "prod" } },
  protectData: true,
};

/** The component with some arguments changed, and every resource that is registered but itself. */
export async function created(
  args: Partial<GrafanaArgs>,
): Promise<{ component: Grafana; resources: Registered[] }> {
  const names = new Map<unknown, string>();
  const nameOf = (resource: unknown) => names.get(resource) ?? "unknown";
  const component = new Grafana(
    "grafana",
    { ...ARGS, ...args },
    {
      // Handed on to every child, which is how the options become visible.
      transformations: [
        ({ resource, type, name, opts }) => {
          names.set(resource, `${type} ${name}`);
          const waitsFor = [(opts as pulumi.CustomResourceOptions).dependsOn ?? []].flat();
          options.set(`${type} ${name}`, {
            parent: opts.parent && nameOf(opts.parent),
            protect: opts.protect === true,
            dependsOn: waitsFor.map(nameOf),
          });
          return undefined;
        },
      ],
    },
  );
  await component.urn.apply(() => undefined);
  await registrationsEnded();
  return { component, resources: registered.filter(({ type }) => type !== COMPONENT) };
}

export const DASHBOARDS = [
  "alert-quality",
  "alertmanager",
  "api-server",
  "cluster",
  "costs",
  "network",
  "nodes",
  "objective",
  "objectives",
  "overview",
  "pods",
  "prometheus",
  "service-storefront",
  "volumes",
  "workloads",
];

export const TOKEN = "aws:grafana/workspaceServiceAccountToken:WorkspaceServiceAccountToken";
export const COMPONENT = "bellwether:grafana:Grafana";

export const typesAndNames = (resources: readonly Registered[]) =>
  resources.map(({ type, name }) => `${type} ${name}`).sort();

/** How the runtime marks a secret on its way to the engine. */
export function isSecret(value: unknown): boolean {
  return JSON.stringify(value ?? {}).includes("1b47061264138c4ac30d75fd1eb44270");
}
