import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { RuleFile, WrittenGroup } from "../../../components/core/rules.ts";
import { errorsQuery, eventsOf } from "../../../components/exchange/queries.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";

// The peer: the same objective over the same counters, through the generator that most people use.

/** What Sloth's own documentation writes for the objective. */
function slothSpec(slo: Slo): string {
  const { service, team, name, objective, signal } = slo;
  const events = eventsOf(signal);
  if ("errorRatio" in events) throw new Error(`${name} has no counts to compare`);
  return stringify({
    version: "prometheus/v1",
    service,
    labels: { team },
    slos: [
      {
        name,
        objective: Number(objective),
        sli: { events: { error_query: errorsQuery(events), total_query: events.total } },
        alerting: {
          name: "SlothBurn",
          page_alert: { labels: { severity: "critical" } },
          ticket_alert: { labels: { severity: "warning" } },
        },
      },
    ],
  });
}

/** The rules that Sloth generates for the objective, over its default period of thirty days. */
export async function slothRules(slo: Slo): Promise<readonly WrittenGroup[]> {
  const folder = await mkdtemp(join(tmpdir(), "bellwether-sloth-"));
  try {
    const [input, output] = [join(folder, "slo.yaml"), join(folder, "rules.yaml")];
    await writeFile(input, slothSpec(slo));
    const { code, stderr } = await run(await tool("sloth"), ["generate", "-i", input, "-o", output]);
    if (code !== 0) throw new Error(stderr);
    const { groups } = parse(await readFile(output, "utf8")) as RuleFile;
    return groups;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
