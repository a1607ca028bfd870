import { describe, expect, it } from "vitest";
import type { WrittenGroup, WrittenRule } from "../../../components/core/rules.ts";
import { alikeRules } from "../../../components/lint/alike.ts";
import { lint } from "../../../components/lint/lint.ts";
import type { SourcedGroup } from "../../../components/lint/rule.ts";
import type { ScrapedJob, Surroundings } from "../../../components/lint/surroundings.ts";
import type { Service } from "../../../components/service/model.ts";
import { renderService } from "../../../components/service/render.ts";
import { argsOf, manyServices } from "../service/many.ts";
import { SURROUNDINGS } from "./fixtures/fixture.ts";

const TODAY = "2026-11-23";

interface Rules {
  readonly groups: readonly SourcedGroup[];
  readonly surroundings: Surroundings;
}

const services = manyServices();

function groupsOf(service: Service): readonly WrittenGroup[] {
  return (renderService(argsOf(service)).rules.spec?.groups ?? []) as unknown as readonly WrittenGroup[];
}

/** The rules of all services, each in a source of its name, and monitors that scrape them. */
const ALL: Rules = {
  groups: services.flatMap((service) =>
    groupsOf(service).map((group) => ({ ...group, source: service.name })),
  ),
  surroundings: {
    ...SURROUNDINGS,
    jobs: [
      ...SURROUNDINGS.jobs,
      ...services.map(({ name }): ScrapedJob => ({ name, interval: 30, dropped: [] })),
    ],
  },
};

/** The same rules, of which none are like others: each has an annotation that no check reads. */
function apart({ groups, surroundings }: Rules): Rules {
  return {
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({
        ...rule,
        annotations: {
          ...rule.annotations,
          note: `apart ${group.source.length} ${[...group.source].join("_")}`,
        },
      })),
    })),
    surroundings,
  };
}

function findings({ groups, surroundings }: Rules) {
  const { findings: found, dependencies } = lint(groups, surroundings, {
    today: TODAY,
    without: ["alert-metadata"],
  });
  return { found, dependencies };
}

const withRule = (source: string, rule: WrittenRule, first = false): ((rules: Rules) => Rules) => {
  const group: SourcedGroup = { source, name: source, rules: [rule] };
  return ({ groups, surroundings }) => ({
    surroundings,
    groups: first ? [group, ...groups] : [...groups, group],
  });
};

function withJobs(change: (job: ScrapedJob) => readonly ScrapedJob[]): (rules: Rules) => Rules {
  return ({ groups, surroundings }) => ({
    groups,
    surroundings: { ...surroundings, jobs: surroundings.jobs.flatMap(change) },
  });
}

function withChanged(source: string, change: (rule: WrittenRule) => WrittenRule): (rules: Rules) => Rules {
  return ({ groups, surroundings }) => ({
    surroundings,
    groups: groups.map((group) =>
      group.source === source ? { ...group, rules: group.rules.map(change) } : group,
    ),
  });
}

/** A record of one of the services under its labels, which another source has, too. */
const COPIED = ALL.groups
  .find(({ source }) => source === "search")
  ?.rules.find(({ record }) => record) as WrittenRule;

const CHANGES: Readonly<Record<string, (rules: Rules) => Rules>> = {
  "nothing is wrong": (rules) => rules,
  "no monitor scrapes one of them": withJobs((job) => (job.name === "search" ? [] : [job])),
  "no monitor scrapes the first": withJobs((job) => (job.name === "checkout" ? [] : [job])),
  "one of them is scraped rarely": withJobs((job) =>
    job.name === "orders" ? [{ ...job, interval: 600 }] : [job],
  ),
  "a metric of one is dropped": withJobs((job) =>
    job.name === "inventory" ? [{ ...job, dropped: [/^http_.*$/] }] : [job],
  ),
  "all are scraped rarely": withJobs((job) => [{ ...job, interval: 600 }]),
  "another rule records what one of them records, after it": withRule("extra", COPIED),
  "another rule records what one of them records, before it": withRule("extra", COPIED, true),
  "another rule records the same with another query, before it": withRule(
    "extra",
    { ...COPIED, expr: "vector(1)" },
    true,
  ),
  "another rule records its metric without a label": withRule(
    "extra",
    {
      record: COPIED.record as string,
      expr: "sum by (service) (rate(http_requests_total[5m]))",
    },
    true,
  ),
  "a matcher of one is a pattern": withChanged("orders", (rule) => ({
    ...rule,
    expr: rule.expr.replaceAll('job="orders"', 'job=~"orders.*"'),
  })),
  "matchers of all are patterns, and no monitor scrapes one": ({ groups, surroundings }) => ({
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({
        ...rule,
        expr: rule.expr.replaceAll(`job="${group.source}"`, `job=~"${group.source}|gone"`),
      })),
    })),
    surroundings: { ...surroundings, jobs: surroundings.jobs.filter(({ name }) => name !== "search") },
  }),
  "a query of one is no PromQL": withChanged("search", (rule) => ({ ...rule, expr: `${rule.expr} +` })),
  "a query of all is no PromQL": ({ groups, surroundings }) => ({
    surroundings,
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule, index) => (index === 1 ? { ...rule, expr: "sum(" } : rule)),
    })),
  }),
  "all ask for a metric of nobody": ({ groups, surroundings }) => ({
    surroundings,
    groups: groups.map((group) => ({
      ...group,
      rules: [
        ...group.rules,
        { record: "x:y:z", expr: "nobody:records:this", labels: { service: group.source } },
      ],
    })),
  }),
  "one reads the records of another": withChanged("payment-gateway", (rule) => ({
    ...rule,
    expr: rule.expr.replaceAll('service="payment-gateway"', 'service="inventory"'),
  })),
};

describe("rules of services that are alike but for names", () => {
  it.each(Object.entries(CHANGES))(
    "get the findings of rules that are judged one by one, where %s",
    (_, change) => {
      const rules = change(ALL);
      expect(findings(rules)).toEqual(findings(apart(rules)));
    },
  );

  it("are most of them, and none are where each has something of its own", () => {
    expect(alikeRules(ALL.groups, ALL.surroundings).sources.size).toBeGreaterThan(20);
    const own = apart(ALL);
    expect(alikeRules(own.groups, own.surroundings).sources.size).toBe(0);
  });

  it("are found in some of these changes, so that each of these was seen by a check", () => {
    const faulty = Object.entries(CHANGES).filter(([, change]) => findings(change(ALL)).found.length > 0);
    expect(faulty.length).toBeGreaterThan(8);
    expect(findings(ALL).found).toEqual([]);
  });
});
