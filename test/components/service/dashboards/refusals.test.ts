import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InvalidInputError, type Problem } from "../../../../components/core/problems.ts";
import {
  checkedService,
  defineService,
  duplicateDashboards,
  type ServiceDefinition,
} from "../../../../components/service/model.ts";
import { DEFINITION } from "../samples.ts";

type Board = Readonly<Record<string, unknown>>;

const GOOD: Board = { uid: "orders", title: "Orders", panels: [] };

function problems(...boards: readonly Board[]): readonly Problem[] {
  const dashboards = boards.map((dashboard) => ({ file: "orders.json", dashboard }));
  const checked = checkedService({ ...DEFINITION, dashboards });
  return checked.ok ? [] : checked.problems;
}

function thrown(dashboards: ServiceDefinition["dashboards"]): readonly Problem[] {
  try {
    defineService({ ...DEFINITION, dashboards });
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

const AT = "services.storefront.dashboards[0].dashboard";
const AGAIN = /model "Classic"$/;

describe("an export of a dashboard", () => {
  it("is taken with a uid, a title and panels", () => {
    expect(problems(GOOD)).toEqual([]);
  });

  it.each<[string, Board, string, string, RegExp]>([
    [
      "a resource of the schema v2",
      {
        apiVersion: "dashboard.grafana.app/v2",
        kind: "Dashboard",
        metadata: { name: "orders" },
        spec: { elements: {}, layout: {} },
      },
      `${AT}.apiVersion`,
      '"dashboard.grafana.app/v2", the schema v2',
      AGAIN,
    ],
    [
      "the JSON model of the schema v2",
      { title: "Orders", elements: {}, layout: { kind: "GridLayout" } },
      AT,
      "elements and a layout, the schema v2",
      AGAIN,
    ],
    [
      "an object of something else",
      { apiVersion: "v1", kind: "ConfigMap", data: {} },
      `${AT}.apiVersion`,
      '"v1"',
      AGAIN,
    ],
    [
      "rows, as before version 5",
      { title: "Orders", rows: [] },
      `${AT}.rows`,
      "rows, as Grafana wrote them before version 5",
      /^import it into Grafana/,
    ],
    [
      "an export that failed",
      { error: "Failed to fetch dashboard in classic format." },
      `${AT}.error`,
      '"Failed to fetch dashboard in classic format.": Grafana could not export it',
      AGAIN,
    ],
    ["something else", { name: "package" }, `${AT}.panels`, "nothing", AGAIN],
    ["a dashboard without a uid", { ...GOOD, uid: null }, `${AT}.uid`, "null", /shop-orders/],
    [
      "a uid that Grafana does not take",
      { ...GOOD, uid: "a".repeat(41) },
      `${AT}.uid`,
      `"${"a".repeat(41)}"`,
      /^add/,
    ],
    [
      "a uid of the platform",
      { ...GOOD, uid: "bellwether-overview-prod" },
      `${AT}.uid`,
      '"bellwether-overview-prod"',
      /^give it another/,
    ],
    ["no title", { ...GOOD, title: " " }, `${AT}.title`, '" "', /^add one/],
    [
      "an input for another type of data source",
      { ...GOOD, __inputs: [{ name: "DS_LOKI", type: "datasource", pluginId: "loki" }] },
      `${AT}.__inputs[0]`,
      "DS_LOKI, a data source of type loki",
      /without "Export for sharing externally"/,
    ],
    [
      "a constant without a value",
      { ...GOOD, __inputs: [{ name: "VAR_SHOP", type: "constant" }] },
      `${AT}.__inputs[0]`,
      "VAR_SHOP without a value",
      /^add value/,
    ],
    [
      "a panel that is in a library",
      { ...GOOD, panels: [{ type: "row", panels: [{ id: 2, libraryPanel: { uid: "q", name: "Queue" } }] }] },
      `${AT}.panels[0].panels[0]`,
      'the library panel "Queue", which is not in the file',
      /^unlink it/,
    ],
    [
      "more than a ConfigMap holds",
      { ...GOOD, description: "x".repeat(1_000_000) },
      AT,
      `${JSON.stringify(GOOD).length + 1_000_000 + ',"description":""'.length} bytes`,
      /^split/,
    ],
  ])("is refused where it is %s, with the fix", (_, board, path, found, fix) => {
    const [problem, ...more] = problems(board);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ path, found: `${found}, in orders.json` });
    expect(problem?.fix).toMatch(fix);
  });

  it("lists everything that is wrong with it, and never shows a secret", () => {
    const token = `glsa_${"Ab1".repeat(12)}`;
    const board = {
      uid: "",
      title: "",
      panels: [{ type: "text", options: { content: `curl -H "Authorization: Bearer ${token}"` } }],
      jsonData: { password: "hunter22" },
    };
    const all = problems(board);
    expect(all.map(({ path }) => path)).toEqual([
      `${AT}.uid`,
      `${AT}.title`,
      `${AT}.panels[0].options.content`,
      `${AT}.jsonData.password`,
    ]);
    expect(JSON.stringify(all)).not.toMatch(/glsa_|hunter/);
  });

  it("is refused with the uid of another, also if only capitals tell them apart", () => {
    const [problem, ...more] = problems(GOOD, { ...GOOD, uid: "Orders" });
    expect(more).toEqual([]);
    expect(problem?.path).toBe("services.storefront.dashboards[1].dashboard.uid");
    expect(problem?.found).toMatch(/^"Orders", which orders.json of storefront has, too/);
  });
});

describe("dashboards of several services", () => {
  const one = defineService({ ...DEFINITION, dashboards: [{ file: "a.json", dashboard: { ...GOOD } }] });
  const two = defineService({
    ...DEFINITION,
    name: "orders",
    dashboards: [{ file: "b.json", dashboard: { ...GOOD } }],
  });

  it("have uids of their own in an environment", () => {
    expect(duplicateDashboards([one], "services")).toEqual([]);
    expect(duplicateDashboards([one, two], "services")).toMatchObject([
      {
        path: "services.orders.dashboards[0].dashboard.uid",
        found: expect.stringMatching(
          /^"orders", which a.json of storefront, in .*refusals.test.ts:\d+:\d+ has, too$/,
        ),
      },
    ]);
  });
});

describe("the file of a dashboard", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-dashboards-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it.each<[string, string, RegExp]>([
    ["one that is not there", "./missing.json", /no such file at .*missing\.json$/],
    ["one that is no JSON", written("broken.json", '{"title":'), /which is no JSON: /],
    ["a list", written("list.json", "[]"), /which holds no JSON object$/],
    ["another ending", "./orders.yaml", /^"\.\/orders\.yaml"/],
  ])("is refused: %s", (_, file, found) => {
    const [problem, ...more] = thrown([file]);
    expect(more).toEqual([]);
    expect(problem?.path).toBe("services.storefront.dashboards[0]");
    expect(problem?.found).toMatch(found);
  });

  it("is not read where no file defines the service", () => {
    const checked = checkedService({ ...DEFINITION, dashboards: ["./orders.json"] });
    expect(checked.ok ? [] : checked.problems).toMatchObject([
      {
        path: "services.storefront.dashboards[0]",
        allowed: expect.stringMatching(/only defineService reads files/),
      },
    ]);
  });
});
