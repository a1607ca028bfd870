import { describe, expect, it } from "vitest";
import { selectorsOf } from "../../../components/promql/expression.ts";
import { parseQuery, UnreadableQuery } from "../../../components/promql/parse.ts";
import { queryForm } from "../../../components/promql/query-form.ts";

describe("the form of a query", () => {
  it("is the same for queries that differ in what is in quotes alone", () => {
    const written = [
      `sum by (pod) (rate(up{job="a",namespace='b'}[5m])) or label_replace(x, "c", \`$1\`, "d", "(.*)")`,
      `sum by (pod) (rate(up{job="some \\"thing\\"",namespace='it"s'}[5m])) or label_replace(x, "", \`\\\`, "}", "e{f=\\"g\\"}")`,
    ];
    const forms = written.map((query) => queryForm(query)?.text);
    expect(forms[0]).toBe(
      `sum by (pod) (rate(up{job="",namespace=""}[5m])) or label_replace(x, "", "", "", "")`,
    );
    expect(forms[1]).toBe(forms[0]);
  });

  it("is unknown where a quote may begin nothing, or does not end", () => {
    for (const query of [`up # it's a comment`, `up{job="a#b"}`, `up{job="a}`, `up{job='a}`, "up{job=`a}"])
      expect(queryForm(query), query).toBe(undefined);
  });
});

describe("a query that is read by its form", () => {
  it("has the texts of its own quotes, of queries of one form in turn", () => {
    const values = [
      "a",
      "",
      "a much longer text, with (brackets) and [ranges]",
      'a "quote"',
      "a\\\\backslash",
      "a\\ttab",
    ];
    for (const value of values) {
      const literal = `"${value.replaceAll('"', '\\\\"'.slice(1))}"`;
      const query = `rate(requests_total{job=${literal},path=~'x'}[5m]) / on (pod) up{job=${literal}}`;
      const read = selectorsOf(parseQuery(query)).map(({ matchers }) =>
        matchers.map((matcher) => matcher.value),
      );
      const meant = JSON.parse(literal) as string;
      expect(read).toEqual([[meant, "x"], [meant]]);
    }
  });

  it("is said to be wrong at its own place", () => {
    const place = (query: string) => {
      try {
        parseQuery(query);
      } catch (error) {
        if (error instanceof UnreadableQuery) return error.at;
      }
      return undefined;
    };
    const long = `up{job="a name that is longer than its empty quotes"}`;
    expect(place(`${long} offset`)).toBeGreaterThanOrEqual(long.length);
    expect(place(`${long} + rate(up{job="a"}[`)).toBeGreaterThan(long.length);
    expect(place(long)).toBe(undefined);
  });
});
