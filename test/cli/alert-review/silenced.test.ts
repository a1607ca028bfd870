import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecordedFiring } from "../../../cli/alert-review/firings.ts";
import { judged } from "../../../cli/alert-review/judged.ts";
import { alertmanagerAt } from "../../../cli/alertmanager/connection.ts";
import { silencesOf } from "../../../cli/alertmanager/silences.ts";
import { serveAlertmanager } from "../../support/alertmanager.ts";
import type { Server } from "../../support/servers.ts";

const CONFIGURATION = "route: { receiver: none }\nreceivers: [{ name: none }]\n";

describe("silences of a real Alertmanager", () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-silenced-"));
    server = await serveAlertmanager(folder, CONFIGURATION);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  it("mark the firings that they are about, by all of their matchers, external labels and time", async () => {
    const now = Date.now() / 1000;
    const alertmanager = alertmanagerAt(server.url, undefined, "alert-review");
    await alertmanager.post("silences", {
      matchers: [
        { name: "alertname", value: "Disk.*", isRegex: true, isEqual: true },
        { name: "node", value: "n3", isRegex: false, isEqual: false },
        { name: "cluster", value: "prod", isRegex: false, isEqual: true },
      ],
      startsAt: new Date((now + 3600) * 1000).toISOString(),
      endsAt: new Date((now + 7200) * 1000).toISOString(),
      createdBy: "test",
      comment: "a test",
    });
    const silences = await silencesOf(alertmanager);
    expect(silences).toHaveLength(1);
    const firing = (labels: Record<string, string>, from: number): RecordedFiring => ({
      labels,
      rule: undefined,
      from: now + from,
      to: now + from + 60,
      isCutBefore: false,
      isOpen: false,
    });
    const of = (externalLabels: Record<string, string>, ...firings: RecordedFiring[]) =>
      judged(firings, { isNight: () => false, incidents: [], silences, externalLabels }).map(
        ({ isSilenced, isClearedByItself }) => [isSilenced, isClearedByItself],
      );
    const disk = { alertname: "DiskFull", node: "n1" };
    expect(
      of(
        { cluster: "prod" },
        firing(disk, 0),
        firing(disk, 4000),
        firing({ ...disk, node: "n3" }, 4000),
        firing({ ...disk, alertname: "NoDisk" }, 4000),
      ),
    ).toEqual([
      [false, true],
      [true, false],
      [false, true],
      [false, true],
    ]);
    expect(of({ cluster: "dev" }, firing(disk, 4000))).toEqual([[false, true]]);
  });
});
