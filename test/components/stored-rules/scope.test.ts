import { describe, expect, it } from "vitest";
import { scopedQuery, scopedTemplate } from "../../../components/stored-rules/scope.ts";

const ORIGIN = { cluster: "eu-1", environment: "prod" };
const MATCHERS = 'cluster="eu-1", environment="prod"';

describe("a query in a store of several environments", () => {
  it.each([
    ["a metric", "up", `up{${MATCHERS}}`],
    ["matchers that are there", 'up{job="a"}', `up{${MATCHERS}, job="a"}`],
    ["an empty list", "up{}", `up{${MATCHERS}}`],
    ["matchers without a metric", '{__name__=~"a.+"}', `{${MATCHERS}, __name__=~"a.+"}`],
    ["a range with an offset", "rate(a[5m] offset 1h)", `rate(a{${MATCHERS}}[5m] offset 1h)`],
    ["a subquery", "max_over_time(a[1h:5m])", `max_over_time(a{${MATCHERS}}[1h:5m])`],
    ["both sides of an operator", "a / on (job) b", `a{${MATCHERS}} / on (job) b{${MATCHERS}}`],
    ["an environment that it names itself", 'a{environment="dev"}', 'a{cluster="eu-1", environment="dev"}'],
    ["nothing to select", "vector(1)", "vector(1)"],
    ["text that is no PromQL", "sum(", "sum("],
  ])("narrows %s", (_, query, narrowed) => {
    expect(scopedQuery(query, ORIGIN)).toBe(narrowed);
  });

  it("narrows the queries of templates, whatever printf puts into them, and nothing else", () => {
    expect(scopedTemplate("{{ with query `a > 0` }}b > 0{{ end }}", ORIGIN)).toBe(
      `{{ with query \`a{${MATCHERS}} > 0\` }}b > 0{{ end }}`,
    );
    expect(
      scopedTemplate('{{ with printf "a{pod=%q} / %g" $labels.pod $value | query }}x{{ end }}', ORIGIN),
    ).toBe(
      `{{ with printf "a{cluster=\\"eu-1\\", environment=\\"prod\\", pod=%q} / %g" $labels.pod $value | query }}x{{ end }}`,
    );
    expect(scopedTemplate("{{ with printf `a / %g` $value | query }}x{{ end }}", ORIGIN)).toBe(
      `{{ with printf \`a{${MATCHERS}} / %g\` $value | query }}x{{ end }}`,
    );
    expect(scopedTemplate("{{ printf `up` }} of {{ $labels.job }}", ORIGIN)).toBe(
      "{{ printf `up` }} of {{ $labels.job }}",
    );
  });
});
