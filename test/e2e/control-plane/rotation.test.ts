import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { howTo } from "../../docs/page.ts";
import { grafanaTable, mainTable } from "../../docs/rotation-page.ts";
import type { KubernetesObject, Reference } from "../../support/control-plane/api.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import {
  MONITORING,
  type Platform,
  readGenerated,
  startPlatform,
} from "../../support/control-plane/platform.ts";
import { until } from "../../support/servers.ts";

// What docs/how-to/rotate-secrets.md says restarts after the `pulumi up` that brings a new value, with the real operator and the real
// controllers. staging has its Grafana in the cluster, and Grafana notifies receivers there.

const page = howTo("rotate-secrets");
// Staging sends no samples to an endpoint, whose Secret remote-write.test.ts has, and has no Thanos.
const ELSEWHERE = ["update Secret prometheus-remote-write", "replace Secret monitoring-object-storage"];
const ROWS = [...mainTable(page), grafanaTable(page).get("in-cluster")]
  .filter((row) => row !== undefined)
  .filter(({ steps }) => !ELSEWHERE.some((step) => steps.includes(step)));

/** The Secrets of which the page says the same: `update Secret grafana-admin`. */
function secretsThatAre(how: "update" | "replace"): readonly string[] {
  const steps = ROWS.flatMap(({ steps: all }) => all).filter((step) => step.startsWith(`${how} Secret `));
  return [...new Set(steps.map((step) => step.split(" ").at(-1) ?? ""))];
}

const secretNamed = (name: string): Reference => ({
  apiVersion: "v1",
  kind: "Secret",
  name,
  namespace: MONITORING,
});

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform(
    join(inject("previews"), "staging"),
    (_, key) => `https://old.example/${key}`,
  );
});
keepLogsOfFailures(() => platform?.plane);
afterAll(() => platform?.stop());

/** Every pod by name with its identity, and every StatefulSet with its version: another one is a restart. */
async function running(): Promise<Readonly<Record<string, unknown>>> {
  const { api } = platform.plane;
  const [pods, sets] = await Promise.all([
    api.list({ apiVersion: "v1", kind: "Pod", namespace: MONITORING }),
    api.list({ apiVersion: "apps/v1", kind: "StatefulSet", namespace: MONITORING }),
  ]);
  return Object.fromEntries([
    ...pods.map(({ metadata }) => [`pod ${metadata.name}`, metadata["uid"]]),
    ...sets.map(({ metadata }) => [`set ${metadata.name}`, `${metadata["uid"]} ${metadata["generation"]}`]),
  ]);
}

/** Waits until the operator has done what there was to do: it has carried a change of the routing through. */
async function untilOperatorWasThere(mark: string): Promise<void> {
  const { api } = platform.plane;
  const config = secretNamed("alertmanager-config");
  const data = ((await api.get(config))?.["data"] ?? {}) as Readonly<Record<string, string>>;
  const routing = Buffer.from(data["alertmanager.yaml"] ?? "", "base64").toString();
  const changed = routing.replace(/^( *)group_wait: .*$/m, `$1group_wait: ${mark}`);
  expect(changed).not.toBe(routing);
  await api.merge(config, { stringData: { "alertmanager.yaml": changed } });
  await until(async () => (await readGenerated(api)).alertmanager.includes(`group_wait: ${mark}`), 60);
}

describe("a new value of a secret", () => {
  it.each(secretsThatAre("update"))("in the Secret %s restarts nothing, as the page says", async (name) => {
    const { api } = platform.plane;
    expect(
      ROWS.filter(({ steps }) => steps.includes(`update Secret ${name}`)).map(({ restarts }) => restarts),
    ).not.toContain("Grafana");
    const before = await running();
    expect(Object.keys(before)).toEqual(expect.arrayContaining(["pod alertmanager-main-0", "pod grafana-0"]));
    const old = ((await api.get(secretNamed(name)))?.["data"] ?? {}) as Readonly<Record<string, string>>;
    expect(Object.keys(old).length).toBeGreaterThan(0);
    const stringData = Object.fromEntries(Object.keys(old).map((key) => [key, `https://new.example/${key}`]));
    await api.merge(secretNamed(name), { stringData });
    await untilOperatorWasThere(`${17 + name.length}s`);
    expect((await api.get(secretNamed(name)))?.["data"]).not.toEqual(old);
    expect(await running()).toEqual(before);
  });

  it.each(secretsThatAre("replace"))(
    "in the Secret %s is refused by the API server: it is another object",
    async (name) => {
      const { api } = platform.plane;
      const [key = ""] = Object.keys(((await api.get(secretNamed(name)))?.["data"] ?? {}) as object);
      expect(key).not.toBe("");
      await expect(api.merge(secretNamed(name), { stringData: { [key]: "new" } })).rejects.toThrow(
        /immutable/,
      );
    },
  );

  it("in a Secret of another name restarts Grafana once, and nothing else", async () => {
    const { api } = platform.plane;
    for (const name of secretsThatAre("replace"))
      for (const { steps, restarts } of ROWS)
        if (steps.includes(`replace Secret ${name}`)) expect(restarts).toBe("Grafana");
    const before = await running();
    const rendered = platform.steps.flatMap(({ objects }) => objects);
    for (const name of secretsThatAre("replace")) {
      const secret = rendered.find((object) => object.kind === "Secret" && object.metadata.name === name);
      if (secret === undefined) throw new Error(`no Secret ${name}`);
      await api.apply({ ...secret, metadata: { ...secret.metadata, name: `${name}-1a2b3c4d` } });
    }
    expect(await running()).toEqual(before);
    const set = rendered.find(({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "grafana");
    // The preview does not know the generated names.
    const named = JSON.stringify(set).replaceAll('"[unknown]"', '"grafana-secret-key-1a2b3c4d"');
    expect(named).not.toBe(JSON.stringify(set));
    await api.apply(JSON.parse(named) as KubernetesObject);
    const isGrafana = (each: string) => /^(pod grafana-0|set grafana)$/.test(each);
    await until(async () => (await running())["pod grafana-0"] !== before["pod grafana-0"], 60);
    await until(async () => (await running())["pod grafana-0"] !== undefined, 60);
    const after = await running();
    const changed = Object.keys({ ...before, ...after }).filter((each) => before[each] !== after[each]);
    expect(changed.filter((each) => !isGrafana(each))).toEqual([]);
    expect(changed.sort()).toEqual(["pod grafana-0", "set grafana"]);
    // The second apply is the next `pulumi up`.
    await api.apply(JSON.parse(named) as KubernetesObject);
    await untilOperatorWasThere("18s");
    expect(await running()).toEqual(after);
  });
});
