import { expect, it } from "vitest";
import { graph } from "./previews.ts";

/** The names of the services whose rules have an alert that pages, in the rules that an environment gets. */
function paging(environment: Parameters<typeof graph>[0]): readonly string[] {
  return graph(environment)
    .filter(({ type, inputs }) => type.endsWith(":PrometheusRule") && inputs.metadata?.labels?.service)
    .filter(({ inputs }) => JSON.stringify(inputs.spec).includes('"severity":"critical"'))
    .map(({ inputs }) => inputs.metadata.labels.service)
    .sort();
}

it("services page in production and in a local cluster, and open tickets in staging and development", () => {
  expect(
    (["prod", "local", "staging", "dev"] as const).map((each) => [each, paging(each).length > 0]),
  ).toEqual([
    ["prod", true],
    ["local", true],
    ["staging", false],
    ["dev", false],
  ]);
  expect(paging("prod")).toContain("storefront");
});
