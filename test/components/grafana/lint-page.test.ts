import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DASHBOARD_CHECKS } from "../../../components/grafana/lint/lint.ts";

it("keeps the page on dashboards in step with the checks", () => {
  const page = readFileSync(new URL("../../../docs/how-to/look-at-dashboards.md", import.meta.url), "utf8");
  const documented = [...page.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| (.+) \|$/gm)].map(([, id, title]) => ({
    id,
    title,
  }));
  expect(documented).toEqual(DASHBOARD_CHECKS.map(({ id, title }) => ({ id, title })));
});
