import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installedClone } from "../clone.ts";
import { follow, howTo, type Ran } from "../page.ts";

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly protect?: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

interface Graph {
  readonly resources: readonly Resource[];
  readonly outputs: {
    readonly bellwether: { readonly services: Record<string, string>; readonly teams: object };
  };
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is created, deleted and updated between two previews, as `Type name`. Stacks and components are not resources of an API. */
function changes(before: Graph, after: Graph, stacks: readonly [string, string] = ["", ""]) {
  const isReal = ({ type }: Resource) => !/^(pulumi|bellwether):/.test(type);
  const byUrn = (graph: Graph) =>
    new Map(
      graph.resources
        .filter(isReal)
        .map((each) => [each.urn.replace(`urn:pulumi:${stacks[0]}::`, `urn:pulumi:${stacks[1]}::`), each]),
    );
  const [olds, news] = [byUrn(before), byUrn(after)];
  const label = ({ type, name }: Resource) => `${type.split(":").at(-1)} ${name}`;
  const without = (some: Map<string, Resource>, others: Map<string, Resource>) =>
    [...some].filter(([urn]) => !others.has(urn)).map(([, resource]) => label(resource));
  const updated = [...news].filter(([urn, { inputs }]) => {
    const old = olds.get(urn);
    return old !== undefined && JSON.stringify(old.inputs) !== JSON.stringify(inputs);
  });
  return {
    created: without(news, olds).sort(),
    deleted: without(olds, news).sort(),
    updated: updated.map(([, resource]) => label(resource)).sort(),
  };
}

/** The kinds that the first table of a section of the page names. */
function kindsIn(page: string, section: string): readonly string[] {
  const [, text = ""] = page.split(`## Rename ${section}\n`);
  const [, rows = ""] = /^\| resource .*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(text) ?? [];
  const cells = rows.split("\n").map((row) => row.split("|")[1] ?? "");
  const kinds = cells.flatMap((cell) => [...cell.matchAll(/`([A-Z]\w+)`/g)].map(([, kind = ""]) => kind));
  return [...new Set(kinds)].sort();
}

describe("docs/how-to/rename.md, followed in a clone", () => {
  const page = howTo("rename");
  const clone = installedClone();
  let ran: readonly Ran[];

  const graph = (folder: string) =>
    JSON.parse(readFileSync(join(clone.folder, folder, "graph.json"), "utf8")) as Graph;
  const read = (...path: string[]) => readFileSync(join(clone.folder, ...path), "utf8");
  const rulesOf = (folder: string): readonly Rule[] =>
    readdirSync(join(clone.folder, folder, "prometheus/rules"))
      .filter((file) => file.startsWith("service-"))
      .flatMap((file) => {
        const { groups } = parse(read(folder, "prometheus/rules", file)) as { groups: { rules: Rule[] }[] };
        return groups.flatMap(({ rules }) => rules);
      });
  const uidOf = (folder: string, file: string) =>
    (JSON.parse(read(folder, "dashboards", file)) as { uid: string }).uid;

  beforeAll(async () => {
    ran = await follow(page, clone.folder);
  }, 240_000);
  afterAll(clone.remove);

  it("needs no command that fails", () => {
    expect(ran.length).toBe(4);
    for (const { text, code, stderr } of ran) expect(code, `${text}${stderr}`).toBe(0);
  });

  it.each([
    ["a service", "before-service", "before-team", []],
    // A preview shows no content of a Secret: alertmanager.yaml has it.
    ["a team", "before-team", "out/prod", ["Secret"]],
    ["an environment", "before-environment", "out/laptop", ["Secret"]],
  ])("changes the kinds that the table about %s names", (section, from, to, hidden) => {
    const stacks = section === "an environment" ? (["local", "laptop"] as const) : undefined;
    const { created, deleted, updated } = changes(graph(from), graph(to), stacks);
    const kinds = [...created, ...deleted, ...updated].map((each) => each.split(" ")[0] ?? "");
    expect(kindsIn(page, section)).toEqual([...new Set([...kinds, ...hidden])].sort());
  });

  describe("after the rename of a service", () => {
    it("replaces the monitor, the rules and the dashboard, and changes nothing else", () => {
      expect(changes(graph("before-service"), graph("before-team"))).toEqual({
        created: [
          "Dashboard grafana-dashboard-service-webshop",
          "PrometheusRule webshop-rules",
          "ServiceMonitor webshop",
        ],
        deleted: [
          "Dashboard grafana-dashboard-service-storefront",
          "PrometheusRule storefront-rules",
          "ServiceMonitor storefront",
        ],
        updated: [],
      });
    });

    it("adds up the records of both names in long windows, so that the error budget continues", () => {
      const rules = rulesOf("before-team").filter(({ labels }) => labels["service"] === "webshop");
      expect(rules.length).toBeGreaterThan(20);
      const of = (name: string) => rules.filter(({ record }) => record === name).map(({ expr }) => expr);
      for (const record of ["slo:sli_errors:rate30d", "slo:sli_total:rate1h", "slo:history_covered:ratio"])
        for (const expr of of(record)) expect(expr, record).toContain('service=~"webshop|storefront"');
      expect(of("slo:sli_errors:rate30d")).not.toEqual([]);
      expect(rules.filter(({ expr }) => expr.includes('"storefront"'))).toEqual([]);
    });

    it("prints the links that change, and what has to be changed elsewhere", () => {
      const { stdout = "" } = ran.find(({ text }) => text.includes("bellwether rename")) ?? {};
      expect(stdout).toContain(
        "prod: /d/bellwether-service-storefront-prod becomes /d/bellwether-service-webshop-prod",
      );
      expect(stdout).toContain("the label app.kubernetes.io/name of the Kubernetes Service: webshop");
      expect(stdout).toContain("amtool silence query service=storefront");
    });

    it("has the labels and the URL that the page says", () => {
      const monitor = read("before-team/manifests/servicemonitor-monitoring-service-webshop.yaml");
      const { spec } = parse(monitor) as {
        spec: {
          selector: { matchLabels: Record<string, string> };
          endpoints: { relabelings: { targetLabel: string; replacement: string }[] }[];
        };
      };
      expect(spec.selector.matchLabels).toEqual({ "app.kubernetes.io/name": "webshop" });
      const set = spec.endpoints[0]?.relabelings.map((each) => `${each.targetLabel}=${each.replacement}`);
      expect(set).toEqual(["job=webshop", "service=webshop", "team=shop"]);
      expect(uidOf("before-team", "bellwether-service-webshop-prod.json")).toBe(
        "bellwether-service-webshop-prod",
      );
    });

    it("keeps the routes", () => {
      const routes = "alertmanager/alertmanager.yaml";
      expect(read("before-team", routes)).toBe(read("before-service", routes));
    });

    it("reserves both names", () => {
      const names = (folder: string) => Object.keys(graph(folder).outputs.bellwether.services);
      expect(names("before-service")).toContain("storefront");
      expect(names("before-team")).toEqual(expect.arrayContaining(["storefront", "webshop"]));
    });
  });

  describe("after the rename of a team", () => {
    it("replaces its folder, permission and team in Grafana and updates its services", () => {
      const { created, deleted, updated } = changes(graph("before-team"), graph("out/prod"));
      const inGrafana = (team: string) => [
        `Folder grafana-folder-team-${team}`,
        `FolderPermission grafana-folder-team-${team}`,
        `Team grafana-team-${team}`,
      ];
      expect(created).toEqual(inGrafana("store"));
      expect(deleted).toEqual(inGrafana("shop"));
      const kinds = new Set(updated.map((each) => each.split(" ")[0]));
      expect([...kinds].sort()).toEqual(["Dashboard", "Probe", "PrometheusRule", "ServiceMonitor"]);
      expect(updated.some((each) => each.includes("platform") || each.includes("cluster"))).toBe(false);
    });

    it("changes no query of a rule, so that the records of both teams are read", () => {
      const queries = (folder: string) => rulesOf(folder).map(({ expr }) => expr);
      expect(queries("out/prod")).toEqual(queries("before-team"));
      expect(queries("out/prod").filter((expr) => expr.includes("team="))).toEqual([]);
    });

    it("gives each alert the new team and Alertmanager a route for it, with the same receivers", () => {
      const teams = new Set(rulesOf("out/prod").map(({ labels }) => labels["team"]));
      expect([...teams]).toEqual(["store"]);
      const config = "alertmanager/alertmanager.yaml";
      expect(read("out/prod", config)).toBe(
        read("before-team", config).replace('team="shop"', 'team="store"'),
      );
    });

    it("keeps the URL of each dashboard", () => {
      const uids = (folder: string) =>
        readdirSync(join(clone.folder, folder, "dashboards")).map((file) => uidOf(folder, file));
      expect(uids("out/prod")).toEqual(uids("before-team"));
    });

    it("keeps a folder of Grafana that is not empty", () => {
      const folders = graph("before-team").resources.filter(
        ({ type }) => type === "grafana:oss/folder:Folder",
      );
      expect(folders.length).toBeGreaterThan(0);
      for (const { inputs } of folders) expect(inputs["preventDestroyIfNotEmpty"]).toBe(true);
    });
  });

  describe("after the rename of an environment", () => {
    it("creates and deletes nothing, and updates what the page says", () => {
      const found = changes(graph("before-environment"), graph("out/laptop"), ["local", "laptop"]);
      expect({ created: found.created, deleted: found.deleted }).toEqual({ created: [], deleted: [] });
      const others = found.updated.filter((each) => !each.startsWith("ConfigMap grafana-dashboard-"));
      expect(others).toEqual([
        "ConfigMap alertmanager-templates",
        "ConfigMap grafana-configuration",
        "Prometheus monitoring",
        "StatefulSet grafana",
      ]);
    });

    it("renames the ConfigMap of each dashboard", () => {
      const names = (folder: string) =>
        graph(folder)
          .resources.filter(({ name }) => name.startsWith("grafana-dashboard-"))
          .map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
      expect(names("out/laptop").length).toBeGreaterThan(10);
      expect(names("out/laptop")).toEqual(
        names("before-environment").map((name) => name.replace(/-local$/, "-laptop")),
      );
    });

    it("changes the external label and neither the labels of rules nor the volumes", () => {
      const spec = (folder: string) =>
        graph(folder).resources.find(({ type }) => type.endsWith(":Prometheus"))?.inputs["spec"] as Record<
          string,
          unknown
        >;
      const { externalLabels: old, ...oldRest } = spec("before-environment");
      const { externalLabels, ...rest } = spec("out/laptop");
      expect([old, externalLabels]).toEqual([
        expect.objectContaining({ environment: "local" }),
        expect.objectContaining({ environment: "laptop" }),
      ]);
      expect(rest).toEqual(oldRest);
      const labelled = rulesOf("out/laptop").filter(({ labels }) => "environment" in labels);
      expect(labelled).toEqual([]);
    });

    it("would rename the protected EKS cluster of prod", () => {
      const clusters = graph("out/prod").resources.filter(({ type }) => type === "aws:eks/cluster:Cluster");
      expect(clusters.map(({ inputs, protect }) => [inputs["name"], protect])).toEqual([["prod", true]]);
    });
  });
});
