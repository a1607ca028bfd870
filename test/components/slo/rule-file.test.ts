import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { RuleGroup } from "../../../components/core/rules.ts";
import { ruleFile } from "../../../components/slo/rule-file.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { LINKS, SLO } from "./samples.ts";

/** Readers of YAML 1.2, and of 1.1 as Prometheus reads it. */
const READERS = [parse, (text: string) => parse(text, { version: "1.1" })] as const;

describe("a file of rules", () => {
  it("says what the groups say", () => {
    const groups = [ruleGroup(SLO, "30s", LINKS), ruleGroup({ ...SLO, name: "other" }, "15s", LINKS)];
    for (const read of READERS) expect(read(ruleFile(groups))).toEqual({ groups });
  });

  it("says so whatever the texts in them are", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(" ", "\n", "\t", "a", "-", ":", "#", "'", '"', "\\", "{", "%", "\r"),
      }),
      fc.constantFrom("", "yes", "null", "1e3", "~", "- a", "\u2028", "\ufeffa", "\u0085", "a \n"),
    );
    const labels = fc.dictionary(fc.constantFrom("service", "slo", "team"), text);
    const groups = fc.array(
      fc.record({
        name: text,
        interval: fc.constant("30s" as const),
        rules: fc.array(
          fc.oneof(
            fc.record({ record: fc.constant("a:b:c"), expr: text, labels }),
            fc.record({ alert: fc.constant("Alert"), expr: text, labels, annotations: labels }),
          ),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(groups, (made) => {
        // A map without entries is left out, which is the same to Prometheus.
        const withMaps = (read: { groups: RuleGroup[] }) =>
          read.groups.map((group) => ({
            ...group,
            rules: group.rules.map((rule) =>
              "alert" in rule
                ? { ...rule, labels: rule.labels ?? {}, annotations: rule.annotations ?? {} }
                : { ...rule, labels: rule.labels ?? {} },
            ),
          }));
        for (const read of READERS)
          expect(withMaps(read(ruleFile(made)) as { groups: RuleGroup[] })).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});
