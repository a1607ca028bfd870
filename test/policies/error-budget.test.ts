import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../cli/policy/analyzer.ts";
import { judgeByOwnPack } from "../../cli/policy/own-pack.ts";
import { type PackServer, startPack } from "../../cli/policy/server.ts";
import { waiversIn } from "../../cli/policy/waivers.ts";
import { errorBudgets } from "../../policies/packs/error-budgets.ts";
import { errorBudget } from "../../policies/rules/workloads/error-budget.ts";
import { freePort, type Server, serve, until } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { PROJECT, STACK, TODAY } from "./compliant-stack/fixture.ts";
import { recordingOf } from "./compliant-stack/recording.ts";
import { BUDGET_CASES } from "./error-budget-cases.ts";

// The error-budget policy in Pulumi's own server, which asks a real Prometheus. What the rules of objectives and kube-state-metrics would
// write there is recorded by rules of the test.

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const RUNS = "registry.example.com/shop:1.4.0";
const NEXT = "registry.example.com/shop:1.5.0";

const RULES = `groups:
  - name: test
    interval: 1s
    rules:
      - {record: "slo:error_budget_spent:ratio", expr: vector(1.32), labels: {service: storefront, slo: availability}}
      - {record: "slo:error_budget_spent:ratio", expr: vector(0.4), labels: {service: storefront, slo: latency}}
      - {record: "slo:error_budget_spent:ratio", expr: vector(0.99), labels: {service: pricing, slo: availability}}
      - {record: kube_pod_container_info, expr: vector(1), labels: {namespace: shop, image_spec: "${RUNS}"}}
`;

const WAIVERS = `waivers:
  - {policy: error-budget, resource: fix, environments: [${STACK}], owner: platform, reason: The release ends the outage., expires: 2026-12-31}
  - {policy: error-budget, resource: wish, environments: [${STACK}], owner: shop, reason: The release cannot wait for us., expires: 2026-12-31}
`;

const folder = mkdtempSync(join(tmpdir(), "bellwether-budget-"));
let prometheus: Server;
let pack: PackServer;
let silent: HttpServer;
let heard: (string | undefined)[] = [];

beforeAll(async () => {
  writeFileSync(join(folder, "rules.yaml"), RULES);
  writeFileSync(
    join(folder, "prometheus.yaml"),
    `global: {evaluation_interval: 1s}\nrule_files: [${join(folder, "rules.yaml")}]\n`,
  );
  writeFileSync(join(folder, "waivers.yaml"), WAIVERS);
  silent = createServer(({ headers }) => void heard.push(headers.authorization)).listen(0, "127.0.0.1");
  const port = await freePort();
  [prometheus, pack] = await Promise.all([
    serve(
      await tool("prometheus"),
      [
        `--config.file=${join(folder, "prometheus.yaml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { port, ready: "/-/ready" },
    ),
    startPack(
      fileURLToPath(new URL("../../policies/packs/reliability", import.meta.url)),
      TODAY,
      join(folder, "waivers.yaml"),
    ),
  ]);
  await until(async () => {
    const response = await fetch(`${prometheus.url}/api/v1/query?query=kube_pod_container_info`);
    return (await response.text()).includes(RUNS);
  });
});
afterAll(async () => {
  silent?.closeAllConnections();
  silent?.close();
  await Promise.all([prometheus?.stop(), pack?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

function deployment(service: string, image: string) {
  const labels = { "app.kubernetes.io/name": service };
  const template = { metadata: { labels }, spec: { containers: [{ name: "web", image }] } };
  return { type: DEPLOYMENT, properties: { metadata: { namespace: "shop" }, spec: { template } } };
}

/** What the policy says of deployments by name: its level, and the first line of its message. */
async function found(deployments: Parameters<typeof recordingOf>[0], settings: object) {
  const config = { all: "disabled", "error-budget": { enforcementLevel: "mandatory", ...settings } } as const;
  const judged = { project: PROJECT, stack: STACK, recording: recordingOf(deployments), config };
  const { diagnostics } = await judge(pack, judged);
  const waivers = await waiversIn(join(folder, "waivers.yaml"), TODAY);
  const own = await judgeByOwnPack({ name: "reliability", waivers, today: TODAY }, judged);
  expect(own.diagnostics).toEqual(diagnostics);
  return diagnostics.map(({ level, urn, message }) => [
    level,
    urn?.split("::").at(-1),
    message.split("\n")[0],
  ]);
}

const releases = (more: object = {}) => ({ freeze: "releases", url: prometheus.url, ...more });

describe("a service whose error budget is spent", () => {
  const spent = "the error budget of storefront is spent (availability 132%), and";

  it("gets no release, and what runs already may stay", async () => {
    const stack = { next: deployment("storefront", NEXT), same: deployment("storefront", RUNS) };
    expect(await found(stack, releases())).toEqual([
      ["mandatory", "next", `${spent} container web has an image that does not run in shop yet.`],
    ]);
  });

  it("gets no deployment at all, if the error-budget policy freezes workloads", async () => {
    expect(await found({ same: deployment("storefront", RUNS) }, releases({ freeze: "workloads" }))).toEqual([
      ["mandatory", "same", `${spent} the error-budget policy freezes its workloads.`],
    ]);
  });

  it("is opened by a waiver, of an owner who may", async () => {
    const stack = { fix: deployment("storefront", NEXT), wish: deployment("storefront", NEXT) };
    const opened = await found(stack, releases({ openedBy: ["platform"] }));
    expect(opened).toEqual([
      ["advisory", "fix", expect.stringMatching(/^\[waived until 2026-12-31 by platform: The release ends/)],
      [
        "mandatory",
        "wish",
        expect.stringMatching(
          /^\[the waiver by shop is not valid for this policy; only one by platform is\] the/,
        ),
      ],
    ]);
    expect((await found(stack, releases())).map(([level]) => level)).toEqual(["advisory", "advisory"]);
  });
});

it("lets a service with budget left, and one without an objective, be released", async () => {
  const stack = { pricing: deployment("pricing", NEXT), other: deployment("other", NEXT) };
  expect(await found(stack, releases())).toEqual([]);
});

describe("a Prometheus that does not answer", () => {
  const two = { next: deployment("storefront", NEXT), other: deployment("other", NEXT) };

  it("stops nothing, and the policy says so once", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const why = `[not judged] Whether an error budget is spent is not known: ${url}/ cannot be reached (ECONNREFUSED).`;
    expect(await found(two, releases({ url }))).toEqual([["advisory", "next", why]]);
  });

  it("is waited for as long as the settings say, with the token, and its password is not told", async () => {
    const { port } = silent.address() as AddressInfo;
    const asked = {
      ...releases({ url: `http://user:pa55@127.0.0.1:${port}`, seconds: 1 }),
      query: "x",
      serviceLabel: "service",
    };
    expect(await errorBudgets(asked, { PROMETHEUS_TOKEN: "t0ken" })).toEqual({
      state: "unreachable",
      why: `http://127.0.0.1:${port}/ does not answer within 1 second`,
    });
    await errorBudgets(asked, {});
    expect(heard).toEqual(["Bearer t0ken", `Basic ${Buffer.from("user:pa55").toString("base64")}`]);
    heard = [];
  });

  it.each([
    [{ query: "sum(" }, /answers 400$/],
    [{ url: "ftp://127.0.0.1" }, /no http or https URL$/],
  ])("is not known where it is asked with %j", async (wrong, why) => {
    const answer = await errorBudgets({ ...releases(), query: "up", serviceLabel: "service", ...wrong }, {});
    expect(answer).toEqual({ state: "unreachable", why: expect.stringMatching(why) });
  });
});

describe("without a URL or an error-budget policy", () => {
  const two = { next: deployment("storefront", NEXT), other: deployment("other", NEXT) };

  it("nothing is asked, and the policy says so once", async () => {
    expect(await found(two, releases({ url: "" }))).toEqual([
      [
        "advisory",
        "next",
        "[not judged] Whether an error budget is spent was not asked: this run has no URL of a Prometheus.",
      ],
    ]);
  });

  it("nothing is said if nothing is frozen", async () => {
    expect(await found(two, { url: prometheus.url })).toEqual([]);
  });
});

describe("the error-budget policy, given the answer of a Prometheus", () => {
  it.each(BUDGET_CASES)(
    "says what it must when $when",
    ({ budgets, settings, resource, says, undecided }) => {
      const found = errorBudget.check(resource, { today: TODAY, settings, ...(budgets && { budgets }) });
      expect(found.map(({ what, undecided: not }) => [what, not])).toEqual(
        says === undefined ? [] : [[says, undecided]],
      );
    },
  );
});
