import { RECORDS } from "../../components/slo/conventions.ts";
import type { Connection } from "../verify/connection.ts";

type Labels = Readonly<Record<string, string>>;

/** An objective as Prometheus has it now. */
interface LiveObjective {
  readonly service: string;
  readonly slo: string;
  /** The objective as a share, such as 0.999. */
  readonly objective: number;
  /** The share of bad events in the last minutes, from 0 to 1; undefined: there were no events. */
  readonly errors: number | undefined;
  /** The share of the budget that is left, from 1 down; undefined: it is not known yet. */
  readonly budgetLeft: number | undefined;
}

interface LiveAlert {
  readonly name: string;
  readonly state: "pending" | "firing";
  readonly labels: Labels;
  readonly summary: string;
  readonly activeAt: string;
}

export interface Live {
  readonly objectives: readonly LiveObjective[];
  readonly alerts: readonly LiveAlert[];
}

interface Vector {
  readonly result: readonly { readonly metric: Labels; readonly value: readonly [number, string] }[];
}

/** What the Prometheus of the lab says now. The alert that always fires is left out. */
export async function liveFrom({ ask }: Connection): Promise<Live> {
  const query = async (expr: string) => (await ask<Vector>("query", { query: expr })).result;
  const [objectives, errors, spent, { alerts }] = await Promise.all([
    query(RECORDS.objective),
    query(`${RECORDS.errors("5m")} / ${RECORDS.total("5m")}`),
    query(RECORDS.budgetSpent),
    ask<{ readonly alerts: readonly (Omit<LiveAlert, "name" | "summary"> & { annotations: Labels })[] }>(
      "alerts",
    ),
  ]);
  const valueIn = (from: Vector["result"], { service, slo }: Labels) => {
    const found = from.find(({ metric }) => metric["service"] === service && metric["slo"] === slo);
    const value = found === undefined ? Number.NaN : Number(found.value[1]);
    return Number.isFinite(value) ? value : undefined;
  };
  return {
    objectives: objectives.map(({ metric, value }) => {
      const left = valueIn(spent, metric);
      return {
        service: metric["service"] ?? "",
        slo: metric["slo"] ?? "",
        objective: Number(value[1]),
        errors: valueIn(errors, metric),
        budgetLeft: left === undefined ? undefined : 1 - left,
      };
    }),
    alerts: alerts
      .filter(({ labels }) => labels["severity"] !== "none")
      .map(({ annotations, ...alert }) => ({
        ...alert,
        name: alert.labels["alertname"] ?? "",
        summary: annotations["summary"] ?? "",
      })),
  };
}
