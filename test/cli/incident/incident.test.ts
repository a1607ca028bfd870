import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alertmanagerAt } from "../../../cli/alertmanager/connection.ts";
import { printIncident, readIncident } from "../../../cli/incident/file.ts";
import { readIncidents } from "../../../cli/review/replay/incidents.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import { serveRules } from "../../support/live-prometheus.ts";
import { freePort, type Server, until } from "../../support/servers.ts";
import { runHere } from "../surroundings.ts";

const CONFIGURATION = "route: { receiver: none }\nreceivers: [{ name: none }]\n";
const rule = (alert: string, service: string, severity: string) => ({
  alert,
  expr: "vector(1)",
  labels: { severity, team: "shop", service },
  annotations: {},
});

let folder: string;
let incidents: string;
beforeEach(() => {
  incidents = mkdtempSync(join(folder, "incidents-"));
});
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-incident-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...line: readonly string[]) =>
  runHere(["incident", ...line, "--folder", incidents], { place: "repository" });
const only = () => join(incidents, readdirSync(incidents).find((name) => name.endsWith(".md")) ?? "");

describe("an incident with a real Prometheus and a real Alertmanager", { timeout: 60_000 }, () => {
  let [prometheus, alertmanager]: Server[] = [];
  let grafana: HttpServer;
  beforeAll(async () => {
    prometheus = await serveRules(join(folder, "prometheus"), [
      {
        name: "alerts",
        rules: [
          rule("ErrorsHigh", "storefront", "critical"),
          rule("QueueLong", "billing", "warning"),
          rule("Context", "storefront", "info"),
        ],
      },
    ]);
    alertmanager = await serveAlertmanager(join(folder, "alertmanager"), CONFIGURATION);
    // Grafana cannot be built here: what its API answers is made up, in the form of its documentation.
    grafana = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
      const time = Number(searchParams.get("to")) - 1000;
      response.writeHead(pathname === "/api/annotations" ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify([{ time, text: "deployed <b>1.4</b>", tags: ["deploy"] }]));
    }).listen(0, "127.0.0.1");
    // An alert that is active is not yet one whose samples are stored.
    await until(async () => {
      const query = encodeURIComponent("count_over_time(ALERTS[1m]) > 2");
      const response = await fetch(`${prometheus?.url}/api/v1/query?query=${query}`);
      return ((await response.json()) as { data: { result: unknown[] } }).data.result.length === 3;
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await alertmanager?.stop();
    grafana?.close();
  });

  it("has the alerts, silences and annotations of its time, and a review with its times", async () => {
    const began = new Date(Math.floor(Date.now() / 1000 - 600) * 1000);
    const at = (seconds: number) =>
      `${new Date(began.getTime() + seconds * 1000).toISOString().slice(0, 19)}Z`;
    const servers = ["--prometheus", prometheus?.url ?? ""];
    const started = await run(
      "start",
      "Checkout fails!",
      "--services",
      "storefront",
      "--at",
      at(0),
      ...servers,
    );
    expect(started).toMatchObject({ code: 0, error: "" });
    expect(only()).toMatch(/\/\d{4}-\d\d-\d\d-checkout-fails\.md$/);
    expect(readFileSync(only(), "utf8")).toContain("alert ErrorsHigh of storefront (critical) is firing");
    expect(readFileSync(only(), "utf8")).not.toMatch(/QueueLong|Context/);

    expect(await run("note", "the pager rings", "--mark", "acknowledged", "--at", at(120))).toMatchObject({
      code: 0,
    });
    expect(await run("note", "rolled back", "--mark", "mitigated", "--at", at(300))).toMatchObject({
      code: 0,
    });
    expect(await run("note", "looked at the logs", "--at", at(180))).toMatchObject({ code: 0 });
    await alertmanagerAt(alertmanager?.url ?? "", undefined, "test").post("silences", {
      matchers: [{ name: "alertname", value: "QueueLong", isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: "ada",
      comment: "known, follows from the outage",
    });
    await sleep(1500);
    const resolved = await run(
      "resolve",
      "all checks are green",
      ...servers,
      ...["--alertmanager", alertmanager?.url ?? ""],
      ...["--grafana", `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`],
    );
    expect(resolved).toMatchObject({ code: 0, error: "" });
    const { head, timeline, rest } = readIncident(only());
    const texts = timeline.map(({ text }) => text);
    expect(texts.slice(0, 4)).toEqual([
      "the incident starts",
      "acknowledged: the pager rings",
      "looked at the logs",
      "mitigated: rolled back",
    ]);
    expect(texts).toContain("alert ErrorsHigh of storefront (critical) fires");
    expect(texts.join("\n")).toMatch(/silence of alertname="QueueLong" by ada until .*: known, follows/);
    expect(texts).toContain("annotation deployed 1.4 (deploy)".replace("  ", " "));
    expect(texts.at(-1)).toBe("the incident ends: all checks are green");
    expect(timeline.map((entry) => entry.at)).toEqual(timeline.map((entry) => entry.at).toSorted());

    const fires = timeline.find(({ text }) => text.endsWith("(critical) fires"))?.at ?? "";
    expect(head).toMatchObject({ start: at(0), detected: fires, acknowledged: at(120), mitigated: at(300) });
    expect(rest).toContain("| time to acknowledge | 2m |");
    expect(rest).toContain("| time to mitigate | 5m |");
    expect(rest).toMatch(/\| time to detect \| (9m\d+s|10m\d*s?) \|/);
    expect(rest).toContain("not about people");

    expect(readIncidents(join(incidents, "incidents.yaml"))).toEqual([
      {
        name: "Checkout fails!",
        environment: "prod",
        services: ["storefront"],
        start: Date.parse(at(0)) / 1000,
        end: Date.parse(head.end ?? "") / 1000,
      },
    ]);
  });

  it("sends the user and password of Grafana's address, and shows neither if nobody answers", async () => {
    await run(
      "start",
      "grafana is down",
      "--at",
      `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`,
    );
    const { code, error } = await run(
      "resolve",
      "--grafana",
      `http://reader:pa55word@127.0.0.1:${await freePort()}`,
    );
    expect(code).toBe(2);
    expect(error).toContain("ECONNREFUSED");
    expect(error).not.toContain("pa55word");
  });

  it("that is resolved again keeps what people wrote, and no line is there twice", async () => {
    const began = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    await run("start", "once more", "--at", began);
    const end = `${new Date(Date.now()).toISOString().slice(0, 19)}Z`;
    const resolve = ["resolve", "--prometheus", prometheus?.url ?? "", "--at", end, "--file", only()];
    expect(await run(...resolve)).toMatchObject({ code: 0 });
    const first = readIncident(only());
    writeFileSync(only(), printIncident({ ...first, rest: `${first.rest}\nIt was the cache.\n` }));
    expect(await run(...resolve)).toMatchObject({ code: 0 });
    const second = readIncident(only());
    expect(second.timeline).toEqual(first.timeline);
    expect(second.rest).toContain("It was the cache.");
  });
});

describe("an incident without servers", () => {
  it("is refused a second time, and without a name", async () => {
    expect(await run("start", "the disk is full")).toMatchObject({ code: 0 });
    const again = await run("start", "the disk is full");
    expect(again.code).toBe(2);
    expect(again.error).toContain("of which there is a file");
    const nameless = await run("start");
    expect(nameless.code).toBe(2);
    expect(nameless.error).toMatch(/<text>\n {4}found {4}nothing/);
  });

  it("is not guessed where there are several, or none", async () => {
    const none = await run("note", "hello");
    expect(none.code).toBe(2);
    expect(none.error).toContain("no incident in ");
    await run("start", "one");
    await run("start", "two");
    const several = await run("note", "hello");
    expect(several.code).toBe(2);
    expect(several.error).toMatch(/several incidents .*-one\.md, .*-two\.md/);
  });

  it("does not begin in the future, and takes a minute of difference between clocks", async () => {
    const later = (seconds: number) => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
    const future = await run("start", "x", "--at", later(3600));
    expect(future.code).toBe(2);
    expect(future.error).toContain("which is in the future");
    expect(await run("start", "x", "--at", later(30))).toMatchObject({ code: 0 });
    expect((await run("note", "y", "--at", later(3600))).code).toBe(2);
    expect((await run("resolve", "--at", later(3600))).code).toBe(2);
    expect(readIncident(only()).timeline).toHaveLength(1);
  });

  it("says of a service that nobody defines here that it is not known, and takes spaces between names", async () => {
    const { code, error } = await run("start", "x", "--services", "storefront, storefrnt, payments");
    expect(code).toBe(0);
    expect(readIncident(only()).head.services).toEqual(["storefront", "storefrnt", "payments"]);
    expect(error).toContain('"storefrnt" is no service of this repository; did you mean storefront?');
    expect(error).toContain('"payments" is no service of this repository.');
    expect(error).not.toContain('"storefront"');
  });

  it("cannot end before it began", async () => {
    await run("start", "one", "--at", "2026-11-03T02:10:00Z");
    const { code, error } = await run("resolve", "--at", "2026-11-03T02:00:00Z");
    expect(code).toBe(2);
    expect(error).toContain("a moment after the start, 2026-11-03T02:10:00Z");
  });

  it("is refused with the line of its file that is not in the form", async () => {
    await run("start", "one", "--at", "2026-11-03T02:10:00Z");
    writeFileSync(only(), readFileSync(only(), "utf8").replace("2026-11-03 02:10:00 UTC:", "yesterday:"));
    const { code, error } = await run("note", "hello", "--file", only());
    expect(code).toBe(2);
    expect(error).toContain("- yesterday: the incident starts");
  });
});
