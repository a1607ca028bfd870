import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alertmanagerAt } from "../../../cli/alertmanager/connection.ts";
import { type Silence, silencesOf } from "../../../cli/alertmanager/silences.ts";
import { serveAlertmanagerPair } from "../../support/alertmanager.ts";
import { type Server, until } from "../../support/servers.ts";
import { runHere } from "../surroundings.ts";

const CONFIGURATION = "route: { receiver: none }\nreceivers: [{ name: none }]\n";
const REASON = "The queue moves to another broker.";

const inHours = (hours: number) =>
  `${new Date(Math.floor(Date.now() / 1000) * 1000 + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
const EXPIRES = inHours(5);

describe("silences as code on a real pair of Alertmanagers", { timeout: 60_000 }, () => {
  let folder: string;
  let [first, second]: Server[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-silences-"));
    [first, second] = await serveAlertmanagerPair(folder, CONFIGURATION);
    for (const name of ["prod", "dev"]) writeFileSync(join(folder, `Pulumi.${name}.yaml`), "");
  });
  afterAll(async () => {
    // Each says goodbye to the other; two that leave at once wait ten seconds for an answer.
    await first?.stop();
    await second?.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => write([]));

  const write = (silences: readonly object[]) =>
    writeFileSync(join(folder, "silences.yaml"), JSON.stringify({ silences }));
  const silence = (more: object = {}) => ({
    id: "queue-migration",
    environments: ["prod"],
    matchers: ['alertname="QueueBacklog"', 'service="invoices"'],
    owner: "shop",
    reason: REASON,
    expires: EXPIRES,
    ...more,
  });
  const apply = (...flags: readonly string[]) =>
    runHere(
      [
        ...["silences", "apply", "--environment", "prod", "--stacks", folder],
        ...["--alertmanager", first?.url ?? "", ...flags],
      ],
      { place: "repository" },
    );
  const live = async (server: Server | undefined) =>
    (await silencesOf(alertmanagerAt(server?.url ?? "", undefined, "test"))).filter(
      ({ status }) => status.state !== "expired",
    );
  const own = (silences: readonly Silence[]) =>
    silences.filter(({ comment }) => comment.includes("[bellwether"));
  /** What the other one has, once it has what the first one has. */
  const onBoth = async () => {
    const here = own(await live(first));
    await until(async () => {
      const ids = (all: readonly Silence[]) =>
        JSON.stringify(all.map(({ id, endsAt }) => [id, endsAt]).sort());
      return ids(own(await live(second))) === ids(here);
    });
    return here;
  };

  it("are shown and not made without --yes", async () => {
    write([silence()]);
    const { code, out, error } = await apply();
    expect({ code, error }).toEqual({ code: 1, error: "" });
    expect(out).toMatch(
      /^\+ queue-migration: alertname="QueueBacklog", service="invoices" from .* owner shop$/m,
    );
    expect(out).toContain("1 to create, 0 to change, 0 to remove");
    expect(await live(first)).toEqual([]);
  });

  it("are made, left alone, changed, and removed on both, and those of people stay", async () => {
    const people = alertmanagerAt(first?.url ?? "", undefined, "test");
    await people.post("silences", {
      matchers: [{ name: "alertname", value: "DiskFull", isRegex: false, isEqual: true }],
      startsAt: inHours(0),
      endsAt: inHours(1),
      createdBy: "ada",
      comment: "looking at it",
    });
    write([silence(), silence({ id: "of-dev", environments: ["dev"] })]);
    expect(await apply("--yes")).toMatchObject({ code: 0, error: "" });
    const [made, ...none] = await onBoth();
    expect(none).toEqual([]);
    expect(made).toMatchObject({
      createdBy: "shop",
      comment: `${REASON} [bellwether silence prod/queue-migration]`,
      matchers: [
        { name: "alertname", value: "QueueBacklog", isRegex: false, isEqual: true },
        { name: "service", value: "invoices", isRegex: false, isEqual: true },
      ],
    });
    expect(Date.parse(made?.endsAt ?? "")).toBe(Date.parse(EXPIRES));

    const again = await apply();
    expect(again.code).toBe(0);
    expect(again.out).toContain("prod: nothing to do, 1 as in the file, 1 silence of people left alone.");

    write([silence({ expires: inHours(7), owner: "platform" })]);
    const changed = await apply("--yes");
    expect(changed.out).toMatch(/~ queue-migration: expires .* → .*; owner shop → platform/);
    const [longer] = await onBoth();
    expect(longer).toMatchObject({ createdBy: "platform" });
    expect(Date.parse(longer?.endsAt ?? "")).toBeGreaterThan(Date.parse(EXPIRES));

    write([silence({ expires: inHours(7), owner: "platform", matchers: ['service="orders"'] })]);
    expect((await apply("--yes")).code).toBe(0);
    const replaced = await onBoth();
    expect(replaced.map(({ matchers }) => matchers.map(({ value }) => value))).toEqual([["orders"]]);
    expect((await apply()).out).toContain("nothing to do");

    write([]);
    const removed = await apply("--yes");
    expect(removed.out).toMatch(/^- queue-migration: service="orders", no longer in the file$/m);
    expect(await onBoth()).toEqual([]);
    expect((await live(second)).map(({ createdBy }) => createdBy)).toEqual(["ada"]);
  });

  it("of one environment are refused to the Alertmanager of another, and those of an earlier form stay known", async () => {
    const old = alertmanagerAt(first?.url ?? "", undefined, "test");
    await old.post("silences", {
      matchers: [{ name: "alertname", value: "QueueBacklog", isRegex: false, isEqual: true }],
      startsAt: inHours(0),
      endsAt: EXPIRES,
      createdBy: "shop",
      comment: `${REASON} [bellwether silence queue-migration]`,
    });
    write([
      silence({ matchers: ['alertname="QueueBacklog"'] }),
      silence({ id: "of-dev", environments: ["dev"] }),
    ]);
    expect((await apply("--yes")).out).toContain("0 created");
    write([silence(), silence({ id: "of-dev", environments: ["dev"] })]);
    expect(await apply("--yes")).toMatchObject({ code: 0 });
    const before = (await live(first)).map(({ id }) => id);
    const { code, out, error } = await runHere(
      [
        ...["silences", "apply", "--environment", "dev", "--stacks", folder],
        ...["--alertmanager", first?.url ?? "", "--yes"],
      ],
      { place: "repository" },
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/which has silences of prod\n {4}allowed {2}the Alertmanager of dev/);
    expect((await live(first)).map(({ id }) => id)).toEqual(before);
    write([]);
    expect(await apply("--yes")).toMatchObject({ code: 0 });
  });

  it("that begin later are pending, and can be moved", async () => {
    write([silence({ id: "later", starts: inHours(2) })]);
    expect((await apply("--yes")).code).toBe(0);
    expect((await onBoth()).map(({ status }) => status.state)).toEqual(["pending"]);
    expect((await apply()).out).toContain("nothing to do");
    write([silence({ id: "later", starts: inHours(3) })]);
    expect((await apply("--yes")).out).toMatch(/~ later: starts .* → /);
    const [moved, ...more] = await onBoth();
    expect(more).toEqual([]);
    expect(Math.abs(Date.parse(moved?.startsAt ?? "") - Date.parse(inHours(3)))).toBeLessThan(5000);
    write([]);
    expect((await apply("--yes")).code).toBe(0);
  });

  it("hide the alerts that they are about on both, until they expire", async () => {
    write([silence({ id: "short", expires: inHours(4 / 3600) })]);
    expect((await apply("--yes")).code).toBe(0);
    await onBoth();
    for (const service of ["invoices", "orders"])
      await fetch(`${second?.url}/api/v2/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify([{ labels: { alertname: "QueueBacklog", service } }]),
      });
    const hidden = async () => {
      const alerts = await alertmanagerAt(second?.url ?? "", undefined, "test").list<{
        readonly labels: { readonly service: string };
        readonly status: { readonly state: string };
      }>("alerts");
      return alerts.filter(({ status }) => status.state === "suppressed").map(({ labels }) => labels.service);
    };
    await until(async () => (await hidden()).length > 0);
    expect(await hidden()).toEqual(["invoices"]);
    await until(async () => (await hidden()).length === 0);
    const { code, out } = await apply("--yes");
    expect(code).toBe(0);
    expect(out).toContain("short: has ended; remove it from silences.yaml");
    expect(await onBoth()).toEqual([]);
  });

  it("that have ended are named, and not made", async () => {
    write([silence({ id: "over", starts: inHours(-3), expires: inHours(-1) })]);
    const { code, out } = await apply("--yes");
    expect(code).toBe(0);
    expect(out).toContain("over: has ended; remove it from silences.yaml");
    expect(own(await live(first))).toEqual([]);
  });

  it("are refused with every mistake and its line, and nothing is changed", async () => {
    write([
      silence({ matchers: ['severity="critical"'] }),
      silence({ expires: inHours(31 * 24) }),
      silence({ id: "elsewhere", environments: ["staging"] }),
    ]);
    const { code, out, error } = await apply("--yes");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/4 problems/);
    expect(error).toMatch(
      /silences\[0\]\.matchers\n {4}found {4}matchers that hide alerts of every kind, in line 1/,
    );
    expect(error).toMatch(/silences\[1\]\.id\n {4}found {4}"queue-migration" a second time/);
    expect(error).toMatch(
      /silences\[1\]\.expires\n.*\n {4}allowed {2}a moment up to .*30 days from its start/,
    );
    expect(error).toContain('an environment that does not exist, "staging"');
    expect(own(await live(first))).toEqual([]);
  });

  it("need an environment, and an Alertmanager that answers", async () => {
    const without = await runHere(["silences", "apply", "--alertmanager", first?.url ?? ""], {
      place: "repository",
    });
    expect(without.code).toBe(2);
    expect(without.error).toMatch(/--environment\n {4}found {4}nothing/);
    const dead = await runHere(
      ["silences", "apply", "--environment", "prod", "--alertmanager", "http://127.0.0.1:1"],
      { place: "repository" },
    );
    expect(dead.code).toBe(2);
    expect(dead.error).toMatch(
      /^silences: 1 problem\n {2}--alertmanager\n {4}found {4}http:\/\/127\.0\.0\.1:1\//,
    );
  });
});
