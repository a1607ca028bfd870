import { describe, expect, it } from "vitest";
import { defineService } from "../../components/service/model.ts";
import { networkBlocks } from "../../stacks/networks.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { ENVIRONMENT_RULES } from "../../stacks/rules.ts";
import { disagreeing } from "./disagreements/disagreement.ts";
import { DISAGREEMENTS } from "./disagreements/index.ts";
import { STACKS, samples } from "./samples.ts";

const TODAY = "2026-11-23";
/** The VPCs of other environments: one as its file has it, and one that is a mistake of its own file. */
const BLOCKS = { dev: networkBlocks()["dev"] ?? [], broken: ["10.99.0.1/16"] };

const orphan = defineService({
  name: "orphan",
  owner: "nobody",
  tier: "standard",
  description: "A service of a team that does not exist",
  namespace: "orphan",
  http: { port: "http", metrics: "otel" },
});

function problems(raw: unknown, stack: string, services = [] as (typeof orphan)[]) {
  const result = resolveEnvironment(raw, {
    stack,
    today: TODAY,
    environments: [...STACKS],
    blocks: BLOCKS,
    services,
  });
  return result.ok ? [] : result.problems;
}

describe("a rule between fields", () => {
  it.each(DISAGREEMENTS.map((one) => [one.says, one] as const))("refuses %s", (_, disagreement) => {
    const found = problems(disagreeing(disagreement), disagreement.sample);
    expect(found.map(({ path }) => path)).toContain(disagreement.at);
    for (const { allowed, fix } of found) {
      expect(allowed).not.toBe("");
      expect(fix).not.toBe("");
    }
  });

  it("is broken by a case each", () => {
    expect(DISAGREEMENTS.filter(({ rule }) => !ENVIRONMENT_RULES.some(({ id }) => id === rule))).toEqual([]);
    const broken = new Set(DISAGREEMENTS.map(({ rule }) => rule));
    const byServices = [
      "native-histograms-are-sent",
      "services-belong-to-teams",
      "services-have-names-of-their-own",
      "former-names-are-free",
      "dashboards-have-uids-of-their-own",
      "environments-of-services-exist",
      "periods-are-kept",
      "pushes-are-received",
    ];
    expect(ENVIRONMENT_RULES.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual(byServices);
  });

  it("refuses a former name that another service has or had", () => {
    const named = (name: string, ...formerly: string[]) => ({ ...orphan, name, owner: "shop", formerly });
    const paths = (...services: (typeof orphan)[]) =>
      problems(samples()["prod"], "prod", services).map(({ path }) => path);
    expect(paths(named("webshop", "old"), named("orders", "older"))).toEqual([]);
    expect(paths(named("webshop", "orders"), named("orders"))).toEqual(["services.webshop.formerly[0]"]);
    expect(paths(named("webshop", "old"), named("orders", "old"))).toEqual(["services.orders.formerly[0]"]);
  });

  it("refuses a service that pushes where nothing receives it", () => {
    const pushing = { ...orphan, owner: "shop", scrape: { kind: "push" as const } };
    const paths = (sample: string) => problems(samples()[sample], sample, [pushing]).map(({ path }) => path);
    expect(paths("prod")).toEqual(["services.orphan.scrape"]);
    expect(paths("everything")).not.toContain("services.orphan.scrape");
  });

  it("refuses a store of all samples that is not sent the native histograms of a service", () => {
    const native = defineService({
      ...orphan,
      owner: "shop",
      http: undefined,
      grpc: { port: "metrics", metrics: "otel", histogram: "native" },
    });
    type Sent = { readonly prometheus: { readonly store: object } };
    const { prometheus, ...rest } = samples()["sent"] as unknown as Sent;
    const problemsWith = (store: object, services = [native]) =>
      problems(
        { ...rest, prometheus: { ...prometheus, store: { ...prometheus.store, ...store } } },
        "sent",
        services,
      ).filter(({ path }) => path.includes("store"));
    expect(problemsWith({ nativeHistograms: false })).toEqual([
      {
        path: "environment.prometheus.store.nativeHistograms",
        found:
          "false, but series is all and orphan has native histograms, which would be missing in the store",
        allowed: "true, or series: recorded, whose records are no histograms",
        fix: "set nativeHistograms to true if the store takes them (docs/how-to/keep-samples.md), else series to recorded",
      },
    ]);
    expect(problemsWith({})).toEqual([]);
    expect(problemsWith({ nativeHistograms: false, series: "recorded" })).toEqual([]);
    expect(problemsWith({ nativeHistograms: false }, [orphan])).toEqual([]);
  });

  it("refuses two dashboards of one uid in an environment that both services run in", () => {
    const dashboards = [{ file: "a.json", dashboard: { uid: "one", title: "One", panels: [] } }];
    const first = { ...orphan, name: "first", owner: "shop", dashboards };
    const paths = (...services: (typeof orphan)[]) =>
      problems(samples()["prod"], "prod", services).map(({ path }) => path);
    expect(paths(first, { ...first, name: "second" })).toEqual([
      "services.second.dashboards[0].dashboard.uid",
    ]);
    expect(paths(first, { ...first, name: "second", except: ["prod"] })).toEqual([]);
  });

  it("refuses a service whose owner is no team, and two services of one name", () => {
    expect(problems(samples()["prod"], "prod", [orphan]).map(({ path }) => path)).toEqual([
      "services.orphan.owner",
    ]);
    expect(problems(samples()["prod"], "prod", [orphan, orphan]).map(({ path }) => path)).toContain(
      "services[1].name",
    );
  });

  it("refuses a service that names an environment that does not exist, and says where it is defined", () => {
    const misspelt = defineService({
      ...orphan,
      owner: "platform",
      environments: { stagin: { enabled: false }, everything: { enabled: false } },
    });
    expect(problems(samples()["prod"], "prod", [misspelt])).toEqual([
      {
        path: "services.orphan.environments.stagin",
        found: expect.stringMatching(
          /^an environment that does not exist, "stagin", in test\/stacks\/rules\.test\.ts:\d+:22$/,
        ),
        allowed: "one of the environments dev, local, prod, staging",
        fix: "rename it to staging",
      },
      expect.objectContaining({ path: "services.orphan.environments.everything" }),
    ]);
    // The environment itself exists, even if only its own file says so.
    expect(problems(samples()["everything"], "everything", [misspelt]).map(({ path }) => path)).toEqual([
      "services.orphan.environments.stagin",
    ]);
  });

  it("rejects each objective with a longer period than the retention, at the place that sets the period", () => {
    const quarterly = defineService({
      ...orphan,
      name: "quarterly",
      owner: "platform",
      objectives: { availability: { percent: "99.9", period: "90d" } },
      environments: { staging: { objectives: { availability: { percent: "99.9", period: "month" } } } },
    });
    const found = (stack: "prod" | "staging") => problems(samples()[stack], stack, [quarterly]);
    expect(found("prod")).toEqual([
      {
        path: "services.quarterly.objectives.availability.period",
        found: expect.stringMatching(/^"90d", in test\/stacks\/rules\.test\.ts:\d+:23$/),
        allowed: "at most 30d, the retention of prod",
        fix: "choose a shorter period for prod, or set prometheus.retention of prod to 90d or more",
      },
    ]);
    expect(found("staging")).toMatchObject([
      {
        path: "services.quarterly.environments.staging.objectives.availability.period",
        found: expect.stringMatching(/^"month", in test\/stacks\/rules\.test\.ts:\d+:23$/),
        allowed: expect.stringMatching(
          /^at most \d+d, the retention of staging; a calendar month has up to 31 days$/,
        ),
      },
    ]);
  });

  it("still runs where another section has the wrong shape, so that one run shows every mistake", () => {
    const raw = { ...samples()["prod"], owner: "nobody", prometheus: { replicas: "two" } };
    expect(problems(raw, "prod").map(({ path }) => path)).toEqual([
      "environment.prometheus.replicas",
      "environment.owner",
    ]);
  });
});

describe("what is no map", () => {
  it.each([null, "prod", 7, [], true])("such as %j is refused as a whole", (raw) => {
    expect(problems(raw, "prod").map(({ path }) => path)).toContain("environment");
  });
});

describe("a cluster that exists", () => {
  const cluster = { kind: "existing", name: "shop", context: "shop", zones: 3 };

  it.each(["production", "staging", "development"])("is one of the tier %s, without a network", (tier) => {
    const { network: _, aws: __, ...rest } = samples()["prod"] ?? {};
    const raw = {
      ...rest,
      tier,
      cluster,
      prometheus: { ingress: { kind: "namespace", namespace: "ingress" } },
      grafana: { adminPasswordSecret: "grafanaAdminPassword" },
    };
    const result = resolveEnvironment(raw, { stack: "prod", today: TODAY, environments: [], services: [] });
    expect(result).toMatchObject({ ok: true, value: { cluster } });
    expect(result.ok && Object.keys(result.value)).not.toContain("network");
  });
});
