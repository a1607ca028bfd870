import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { VOLUME_OWNERS, type VolumeOwnerName, volumeOwner } from "../../../components/workloads/volumes.ts";
import { growVolumesCommand } from "../../../infra/volumes.ts";
import { howTo } from "../../docs/page.ts";
import { bellwetherProcess } from "../../support/control-plane/bellwether-process.ts";
import { done as mustDo, projectWith } from "../command-line.ts";
import type { TemporaryProject } from "../project.ts";
import { fileOf } from "../providers/simulator.ts";

// What docs/how-to/grow-volumes.md says of `pulumi up`: it leaves the sizes of volumes alone, names the command that grows them, and
// creates what is gone with the size of the file.

const SIZES = { prometheus: "25Gi", alertmanager: "3Gi", grafana: "4Gi" } as const;
const OWNERS = Object.keys(SIZES) as readonly VolumeOwnerName[];
/** 80% of the size, as the page says; only Prometheus has it. */
const RETENTION = { before: `${0.8 * 15 * 1024}MiB`, after: `${0.8 * 25 * 1024}MiB` };
const COMMAND = growVolumesCommand("local");

const OBJECTS = {
  prometheus: "kubernetes:monitoring.coreos.com/v1:Prometheus",
  alertmanager: "kubernetes:monitoring.coreos.com/v1:Alertmanager",
  grafana: "kubernetes:apps/v1:StatefulSet",
} as const satisfies Readonly<Record<VolumeOwnerName, string>>;

describe("larger volumes in the file of local, on the real engine", () => {
  let project: TemporaryProject;
  let before: readonly string[];

  beforeAll(async () => {
    project = await projectWith("local");
    await done(["up", "--yes", "--skip-preview", "--stack", "local"]);
    before = await Promise.all(OWNERS.map(contentOf));
    for (const owner of OWNERS) {
      const setting = `bellwether:environment.${owner}.volume`;
      await done(["config", "set", "--stack", "local", "--path", setting, SIZES[owner]]);
    }
  });
  afterAll(() => project?.remove());

  const done = (...command: Parameters<TemporaryProject["pulumi"]>) => mustDo(project, ...command);

  function objectOf(owner: VolumeOwnerName): string {
    const { namespace, statefulSet, resource } = volumeOwner(owner, DEFAULT_NAMESPACES);
    const name = resource?.name ?? statefulSet;
    return fileOf(project.world, "kubernetes", OBJECTS[owner], `${namespace}/${name}`);
  }

  const contentOf = (owner: VolumeOwnerName) => readFile(objectOf(owner), "utf8");

  /** The changes of resources that a preview or an update printed. */
  const changes = (stdout: string) =>
    stdout.split("\n").filter((line) => /^ +[~+-]+ +(kubernetes|aws|grafana):/.test(line));

  it.each([
    ["preview", ["preview"]],
    ["up", ["up", "--yes", "--skip-preview"]],
  ])("change no resource in pulumi %s, which prints the command that grows them", async (_name, command) => {
    const stdout = await done([...command, "--stack", "local"]);
    expect(changes(stdout)).toEqual([]);
    for (const owner of OWNERS)
      expect(stdout).toMatch(new RegExp(`${owner} *: .*${SIZES[owner]} when it is created.*: ${COMMAND}"`));
    expect(await Promise.all(OWNERS.map(contentOf))).toEqual(before);
  });

  it("are no change after it, and a change of something else in the same object arrives without them", async () => {
    await done(["preview", "--expect-no-changes", "--stack", "local"]);
    const setting = "bellwether:environment.prometheus.scrapeInterval";
    await done(["config", "set", "--stack", "local", "--path", setting, "40s"]);
    const stdout = await done(["up", "--yes", "--skip-preview", "--stack", "local"]);
    expect(changes(stdout).join("\n")).toContain(OBJECTS.prometheus);
    const prometheus = await contentOf("prometheus");
    for (const kept of ['"40s"', '"15Gi"', RETENTION.before]) expect(prometheus).toContain(kept);
  });

  it("are stated in the report of the preview, with the same command", async () => {
    const out = join(project.folder, "out");
    const args = ["preview", "local", "--stacks", join(project.folder, "stacks"), "--out", out];
    const { code, error } = await bellwetherProcess(args, "");
    expect(code, error).toBe(0);
    const report = await readFile(join(out, "local", "report.md"), "utf8");
    const [line = ""] = /^Volumes: .*$/m.exec(report) ?? [];
    for (const owner of OWNERS) expect(line).toContain(`${VOLUME_OWNERS[owner].title} 1 × ${SIZES[owner]}`);
    expect(line).toContain(`run ${COMMAND}`);
  });

  it("are what each program has after its object was deleted and created again, as the page says", async () => {
    const [command = ""] = /^pulumi up --refresh --stack local$/m.exec(howTo("grow-volumes")) ?? [];
    expect(command).not.toBe("");
    for (const owner of OWNERS) await rm(objectOf(owner));
    const stdout = await done([...command.split(" ").slice(1), "--yes"]);
    const created = changes(stdout).filter((line) => / created /.test(line));
    expect(created).toHaveLength(OWNERS.length);
    for (const owner of OWNERS) {
      expect(created.join("\n")).toContain(OBJECTS[owner]);
      expect(await contentOf(owner)).toContain(JSON.stringify(SIZES[owner]));
    }
    expect(await contentOf("prometheus")).toContain(RETENTION.after);
    await done(["preview", "--refresh", "--expect-no-changes", "--stack", "local"]);
  });
});
