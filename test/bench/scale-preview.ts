import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPlatform } from "../../cli/platform.ts";
import { preview } from "../../cli/preview.ts";
import { defineService, type Service } from "../../components/service/model.ts";
import { STACKS_FOLDER, stackNames } from "../../stacks/names.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";

// One preview of staging with so many services more than it has, for scale.ts and against.ts: a process of its own, started by as-command.js, which
// prints what it took.

const TODAY = "2026-11-23";

/** Services as teams write them, alike but for their names: a HTTP service with one objective. */
export function manyServices(count: number): readonly Service[] {
  return Array.from({ length: count }, (_, index) =>
    defineService({
      name: `service-${String(index).padStart(4, "0")}`,
      owner: index % 2 === 0 ? "shop" : "platform",
      tier: "standard",
      description: "One of many services",
      namespace: `team-${index % 20}`,
      http: { port: "http", metrics: "otel" },
    }),
  );
}

/** The most memory that this process ever held, in MiB, as the kernel counts it; 0 where it does not say. */
function peak(): number {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export async function main(): Promise<void> {
  const [amount = "0", folder] = process.argv.slice(2);
  const services = manyServices(Number(amount));
  const platform = await loadPlatform(TODAY);
  const [{ deployWith }, { proofs }] = await Promise.all([
    import("../../infra/deploy.ts"),
    import("../../infra/proof.ts"),
  ]);
  const out = folder ?? mkdtempSync(join(tmpdir(), "bellwether-scale-"));
  const { previewed, mistaken } = await preview(
    {
      ...platform,
      resolve: (raw, stack) =>
        resolveEnvironment(raw, { stack, today: TODAY, environments: stackNames(), services }),
      program: async () => () => deployWith(services),
      tests: (environment) => proofs(environment, services).tests,
      promises: (environment) => proofs(environment, services).promises,
      globalRules: () => undefined,
      notices: (environment) => proofs(environment, services).notices,
    },
    {
      environments: ["staging"],
      today: TODAY,
      stacksFolder: STACKS_FOLDER,
      outFolder: out,
      progress: { step: () => undefined },
    },
  );
  if (mistaken.length > 0) throw new Error(JSON.stringify(mistaken));
  const [staging] = previewed;
  const resources = staging?.report.components.flatMap((group) => group.resources) ?? [];
  if (folder === undefined) rmSync(out, { recursive: true, force: true });
  console.log(
    JSON.stringify({
      resources: resources.length,
      preview: peak(),
      passes: staging?.report.outcome,
    }),
  );
}
