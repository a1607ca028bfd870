import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { partsOf, roundStep } from "../../cli/pictures/axis.ts";
import type { PictureSource } from "../../cli/pictures/data.ts";
import { Drawings } from "../../cli/pictures/drawings.ts";
import { type DashboardPicture, pictureOf } from "../../cli/pictures/picture.ts";
import { prometheusSource } from "../../cli/pictures/prometheus.ts";
import { readRecording, recordedSource } from "../../cli/pictures/recorded.ts";
import { shown } from "../../cli/pictures/units.ts";
import { connectionTo } from "../../cli/verify/connection.ts";
import { dashboardsIn, renderContent } from "../../components/grafana/content.ts";
import type { DashboardJson } from "../../components/grafana/json.ts";
import { CONTENT, IN_CLUSTER } from "../components/grafana/samples.ts";
import { freePort, serve, until } from "../support/servers.ts";
import { tool } from "../support/tools.ts";
import { runHere } from "./surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "bellwether-pictures-"));
afterAll(() => rmSync(folder, { recursive: true }));

// As in the environment that was recorded, which has no Karpenter.
const { autoscaler: _, ...cluster } = CONTENT.cluster;
const boards = dashboardsIn(renderContent({ ...CONTENT, cluster, settings: IN_CLUSTER })).map(
  ({ json }) => json,
);
const board = (uid: string): DashboardJson => {
  const found = boards.find((one) => one.uid === uid);
  if (found === undefined) throw new Error(`no dashboard ${uid}`);
  return found;
};

const RECORDED = recordedSource(readRecording(), { name: "prod", services: ["storefront"] }, boards);

function kinds({ panels }: DashboardPicture): (string | undefined)[] {
  return panels.map(({ picture }) => picture?.kind);
}

describe("the pictures of the dashboards", () => {
  it("show every panel of every dashboard", async () => {
    const drawings = new Drawings(undefined);
    for (const json of boards) {
      const picture = await pictureOf(json, RECORDED, drawings);
      expect(picture.panels).toHaveLength(json.panels.length);
      expect(kinds(picture), json.title).not.toContain("unknown");
    }
  });

  it("say of the panels about Karpenter that nothing was recorded, and show all others", async () => {
    const withKarpenter = dashboardsIn(renderContent({ ...CONTENT, settings: IN_CLUSTER }));
    const nodes = withKarpenter.find(({ json }) => json.uid === "bellwether-nodes-prod")?.json;
    const { panels } = await pictureOf(nodes as DashboardJson, RECORDED, new Drawings(undefined));
    const recorded = new Set(board("bellwether-nodes-prod").panels.map(({ title }) => title));
    const ofKarpenter = panels.filter(({ title, picture }) => !recorded.has(title) && picture !== undefined);
    expect(ofKarpenter.length).toBeGreaterThan(0);
    expect(panels.filter(({ picture }) => picture?.kind === "unknown")).toEqual(ofKarpenter);
  });

  it("are the same to the byte twice, drawn anew or taken from what was kept", async () => {
    const nodes = board("bellwether-nodes-prod");
    const anew = await pictureOf(nodes, RECORDED, new Drawings(undefined));
    const first = await pictureOf(nodes, RECORDED, new Drawings(folder));
    const kept = await pictureOf(nodes, RECORDED, new Drawings(folder));
    expect(JSON.stringify(first)).toBe(JSON.stringify(anew));
    expect(JSON.stringify(kept)).toBe(JSON.stringify(anew));
    expect(readdirSync(folder).length).toBeGreaterThan(10);
  });

  it("draw lines as an image that knows light and dark, and asks nothing of the network", async () => {
    const { panels } = await pictureOf(board("bellwether-nodes-prod"), RECORDED, new Drawings(folder));
    const chart = panels.find(({ picture }) => picture?.kind === "chart")?.picture;
    if (chart?.kind !== "chart") throw new Error("no chart");
    const svg = decodeURIComponent(chart.image.slice("data:image/svg+xml,".length));
    expect(svg).toMatch(/^<svg [^>]*viewBox/);
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).not.toMatch(/\bzr\d|href|url\(["']?(?!#)/);
    expect(chart.legend).toContain("ip-10-40-0-11");
  });

  it("say of a panel whose query returns nothing that it is so", async () => {
    const nothing: PictureSource = {
      label: "nothing",
      read: () => ({ series: [], time: { kind: "until-now", hours: 6 } }),
    };
    const picture = await pictureOf(board("bellwether-overview-prod"), nothing, new Drawings(undefined));
    expect(new Set(kinds(picture))).toEqual(new Set([undefined, "empty"]));
  });

  it("say of a panel that the source does not know that it is so", async () => {
    const unknown: PictureSource = { label: "another recording", read: () => undefined };
    const picture = await pictureOf(board("bellwether-overview-prod"), unknown, new Drawings(undefined));
    expect(new Set(kinds(picture))).toEqual(new Set([undefined, "unknown"]));
  });

  it("draw what a real Prometheus answers, when one is given", async () => {
    const port = await freePort();
    const config = join(folder, "..", `${folder.split("/").at(-1)}.yaml`);
    const { writeFileSync } = await import("node:fs");
    writeFileSync(
      config,
      `global: {scrape_interval: 1s}\nscrape_configs: [{job_name: prometheus, static_configs: [{targets: ["127.0.0.1:${port}"], labels: {pod: prometheus-0}}]}]\n`,
    );
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "tsdb")}`];
    const server = await serve(
      await tool("prometheus"),
      [...args, `--web.listen-address=127.0.0.1:${port}`],
      {
        port,
        ready: "/-/ready",
      },
    );
    try {
      let panels: DashboardPicture["panels"] = [];
      const pictureTitled = (title: string) => panels.find((panel) => panel.title === title)?.picture;
      await until(async () => {
        const source = prometheusSource(
          connectionTo(server.url, undefined, "test"),
          Math.floor(Date.now() / 1000),
        );
        expect(source.label).toContain(`127.0.0.1:${port}`);
        ({ panels } = await pictureOf(board("bellwether-prometheus-prod"), source, new Drawings(undefined)));
        return pictureTitled("Head series")?.kind === "chart";
      });
      expect(pictureTitled("Head series")).toMatchObject({ kind: "chart", legend: ["prometheus-0"] });
      expect(pictureTitled("Resources rejected by the operator")).toEqual({ kind: "empty" });
    } finally {
      await server.stop();
      rmSync(config);
    }
  });
});

describe("pictures from a server that is no Prometheus", () => {
  const answering = async (status: number, body: string, url: (port: number) => string) => {
    const server = createServer((_, response) => {
      response.writeHead(status, { "content-type": "text/html" });
      response.end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const out = mkdtempSync(join(tmpdir(), "bellwether-no-pictures-"));
    mkdirSync(join(out, "local"));
    try {
      const { port } = server.address() as AddressInfo;
      const ended = await runHere(["preview", "local", "--prometheus", url(port), "--out", out]);
      return { ...ended, kept: existsSync(join(out, "local")) };
    } finally {
      server.close();
      rmSync(out, { recursive: true });
    }
  };

  it.each([
    ["a page to sign in", 200, "<html></html>", "an answer that is no JSON"],
    ["an error", 502, "<html></html>", "it answers 502"],
  ])("are refused for %s, before anything is previewed", async (_, status, body, found) => {
    const ended = await answering(status, body, (port) => `http://ada:hidden-word@127.0.0.1:${port}`);
    expect(ended).toMatchObject({ code: 2, out: "", kept: true });
    expect(ended.error).toContain(found);
    expect(ended.error).toMatch(/^preview: 1 problem\n {2}--prometheus\n/);
    expect(ended.error).not.toContain("hidden-word");
  });

  it("are refused where nothing answers", async () => {
    const ended = await answering(200, "", () => "http://127.0.0.1:1");
    expect(ended).toMatchObject({ code: 2, out: "", kept: true });
  });
});

describe("a value on an axis", () => {
  it.each([
    [0.0005, "percentunit", "0.05%"],
    [0.9, "percentunit", "90%"],
    [6_000_000_000, "bytes", "5.59 GiB"],
    [1_000_000, "Bps", "977 KiB/s"],
    [0.08, "s", "80 ms"],
    [604_800, "s", "7 d"],
    [1200, "reqps", "1.2k/s"],
    [0, "short", "0"],
  ])("%d %s is %s", (value, unit, text) => {
    expect(shown(value, unit)).toBe(text);
  });
});

describe("an axis", () => {
  it.each([
    [93_600 * 1.1, "s", 43_200],
    [600, "s", 300],
    [0.09, "s", undefined],
    [7 * 2 ** 30, "bytes", 2 * 2 ** 30],
    [1.8 * 2 ** 30, "bytes", 512 * 2 ** 20],
    [60, "cps", undefined],
  ])("up to %d %s has its lines at %s", (most, unit, step) => {
    expect(roundStep(most, unit)).toBe(step);
  });

  it.each([
    [6, 3],
    [24, 3],
    [168, 7],
    [720, 3],
    [16, 4],
  ])("of %d hours is cut into %d parts, each a whole number of hours or days", (hours, parts) => {
    expect(partsOf(hours)).toBe(parts);
  });
});
