import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/process.ts";

// The policies against the program itself, through the command line: a copy of the repository whose program breaks one
// thing of one resource of production, as an edit of a component would, and then `npm run preview -- prod`.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COPIED = [
  "Pulumi.yaml",
  "package.json",
  "tsconfig.json",
  "components",
  "stacks",
  "policies",
  "infra",
  "cli",
];

/** What breaks: the policy that must say so, the resource, and what is set to what. `undefined` removes. */
interface Break {
  readonly policy: string;
  readonly type: string;
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

const container = (index: number, ...rest: (string | number)[]) => [
  "spec",
  "template",
  "spec",
  "containers",
  index,
  ...rest,
];

const BREAKS: readonly Break[] = [
  {
    policy: "pinned-image",
    type: "kubernetes:apps/v1:Deployment",
    name: "monitoring-blackbox-exporter",
    path: container(0, "image"),
    value: "quay.io/prometheus/blackbox-exporter:latest",
  },
  {
    policy: "resource-bounds",
    type: "kubernetes:apps/v1:Deployment",
    name: "monitoring-kube-state-metrics",
    path: container(0, "resources"),
  },
  {
    policy: "replicas",
    type: "kubernetes:apps/v1:Deployment",
    name: "monitoring-blackbox-exporter",
    path: ["spec", "replicas"],
    value: 1,
  },
  {
    policy: "disruption-budget",
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: "monitoring-server-disruption-budget",
    path: ["spec"],
    value: { minAvailable: "100%", selector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } },
  },
  {
    policy: "monitor-targets",
    type: "kubernetes:core/v1:Service",
    name: "monitoring-kube-state-metrics-service",
    path: ["spec", "ports", 0, "name"],
    value: "metrics",
  },
  {
    policy: "prometheus-replicas",
    type: "kubernetes:monitoring.coreos.com/v1:Prometheus",
    name: "monitoring",
    path: ["spec", "replicas"],
    value: 1,
  },
  {
    policy: "prometheus-storage",
    type: "kubernetes:monitoring.coreos.com/v1:Prometheus",
    name: "monitoring",
    path: ["spec", "storage"],
  },
  {
    policy: "alertmanager-members",
    type: "kubernetes:monitoring.coreos.com/v1:Alertmanager",
    name: "alertmanager",
    path: ["spec", "replicas"],
    value: 1,
  },
  {
    policy: "control-plane-logs",
    type: "aws:eks/cluster:Cluster",
    name: "cluster",
    path: ["enabledClusterLogTypes"],
    value: ["audit"],
  },
  {
    policy: "deletion-protection",
    type: "aws:eks/cluster:Cluster",
    name: "cluster",
    path: ["deletionProtection"],
    value: false,
  },
  {
    policy: "secrets-encryption",
    type: "aws:eks/cluster:Cluster",
    name: "cluster",
    path: ["encryptionConfig"],
  },
  {
    policy: "metadata-service",
    type: "aws:ec2/launchTemplate:LaunchTemplate",
    name: "cluster-general",
    path: ["metadataOptions", "httpTokens"],
    value: "optional",
  },
  {
    policy: "alert-severity",
    type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
    name: "platform-alerts-nodes",
    path: ["spec", "groups", 0, "rules", 0, "labels", "severity"],
    value: "urgent",
  },
  {
    policy: "alert-annotations",
    type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
    name: "platform-alerts-nodes",
    path: ["spec", "groups", 0, "rules", 0, "annotations", "runbook_url"],
  },
];

/** The program of the copy: the repository's own, with a transformation that breaks what BELLWETHER_BREAK describes. */
const BROKEN_PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { deployWith as deploy } from "./program.ts";

export * from "./program.ts";

/** A copy of what is plain data; an Output within it stays the one that it is. */
function copied(value) {
  if (Array.isArray(value)) return value.map(copied);
  if (value === null || typeof value !== "object" || pulumi.Output.isInstance(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
}

export async function deployWith(...args) {
  const { type, name, path, value } = JSON.parse(process.env["BELLWETHER_BREAK"] ?? "{}");
  pulumi.runtime.registerStackTransformation((args) => {
    if (args.type !== type || args.name !== name) return undefined;
    const whole = copied(args.props);
    const parent = path.slice(0, -1).reduce((at, key) => at[key], whole);
    const key = path.at(-1);
    if (!(key in parent)) throw new Error("there is no " + path.join(".") + " to break");
    if (value === undefined) delete parent[key];
    else parent[key] = value;
    return { props: whole, opts: args.opts };
  });
  return deploy(...args);
}
`;

let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "bellwether-broken-"));
  for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  renameSync(join(copy, "infra", "deploy.ts"), join(copy, "infra", "program.ts"));
  writeFileSync(join(copy, "infra", "deploy.ts"), BROKEN_PROGRAM);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function preview(broken: Break) {
  const args = ["cli/bellwether.js", "preview", "prod", "--today", "2026-11-23"];
  return run(process.execPath, args, {
    cwd: copy,
    env: { ...process.env, BELLWETHER_BREAK: JSON.stringify(broken) },
  });
}

describe("a preview of production in which one thing is broken", () => {
  it("is tried in a dozen ways or more, each of another policy", () => {
    expect(new Set(BREAKS.map(({ policy }) => policy)).size).toBeGreaterThanOrEqual(12);
  });

  it.each(BREAKS.map((broken) => [broken.policy, broken] as const))(
    "ends with 1 for %s, and says how to mend it",
    { timeout: 300_000 },
    async (policy, broken) => {
      const { code, stdout, stderr } = await preview(broken);
      expect(code, stdout + stderr).toBe(1);
      expect(stdout).toContain("prod is not ready to deploy");
      const [, found = ""] = stdout.split(new RegExp(`^  ${policy}$`, "m"));
      expect(found).toMatch(/^\s+found {4}\S/);
      expect(found.split(/^ {2}\S/m)[0]).toMatch(/^ {4}fix {6}\S/m);
    },
  );
});
