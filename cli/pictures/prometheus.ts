import { InvalidInputError, shown } from "../../components/core/problems.ts";
import type { PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { type Connection, QueryRefused } from "../verify/connection.ts";
import { hoursOf, legendOf, type PanelData, type PictureSource, POINTS, type Series } from "./data.ts";

interface Answer {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value?: readonly [number, string];
    readonly values?: readonly (readonly [number, string])[];
  }[];
}

/** How time passes in a Prometheus that is asked. */
export interface PictureClock {
  /** How many times faster than in production. */
  readonly faster: number;
  /** The same query for a time that passes faster. */
  readonly rewritten: (expr: string) => string;
  /** Hours of production's time that every panel shows. */
  readonly hours: number;
  /** Unix seconds before which nothing is shown. */
  readonly from: number;
}

/**
 * The series of a real Prometheus, asked as Grafana would ask with nothing chosen; `now` in Unix seconds. Rejects with an InvalidInputError when it
 * cannot be reached or refuses a query.
 */
export function prometheusSource(connection: Connection, now: number, clock?: PictureClock): PictureSource {
  // Environments share most of their queries, and each is asked once.
  const asked = new Map<string, Promise<Series[]>>();
  const once = (panel: PanelJson, target: TargetJson, query: number, hours: number) => {
    const key = JSON.stringify([target, query, hours]);
    const known = asked.get(key) ?? ask(connection, panel, target, query, { hours, now, clock });
    asked.set(key, known);
    return known;
  };
  return {
    label: `Drawn from the Prometheus at ${new URL(connection.href).host}`,
    read: async (panel, { time }) => {
      const hours = clock?.hours ?? hoursOf(time?.from);
      const answers = await Promise.all(
        panel.targets.map((target, query) => once(panel, target, query, hours)),
      );
      return { series: answers.flat(), time: { kind: "until-now", hours } } satisfies PanelData;
    },
  };
}

async function ask(
  connection: Connection,
  panel: PanelJson,
  target: TargetJson,
  query: number,
  {
    hours,
    now,
    clock,
  }: { readonly hours: number; readonly now: number; readonly clock: PictureClock | undefined },
): Promise<Series[]> {
  const spacing = Math.max(30, Math.round((hours * 3600) / (POINTS - 1)));
  const filled = sent(target.expr, hours, spacing);
  const expr = clock?.rewritten(filled) ?? filled;
  const step = spacing / (clock?.faster ?? 1);
  const start = now - step * (POINTS - 1);
  const times: Record<string, string> =
    target.instant === true
      ? { time: String(now) }
      : { start: String(start), end: String(now), step: String(step) };
  const path = target.instant === true ? "query" : "query_range";
  const { result } = await connection.ask<Answer>(path, { query: expr, ...times }).catch((error: unknown) => {
    throw error instanceof QueryRefused ? ofPanel(panel, connection, error) : error;
  });
  return result.map(({ metric, value, values }) => {
    const points = new Map(
      (values ?? []).map(([at, text]) => [Math.round((at - start) / step), Number(text)]),
    );
    return {
      name: legendOf(target, metric),
      labels: metric,
      query,
      values:
        target.instant === true
          ? [finite(value?.[1])]
          : Array.from({ length: POINTS }, (_, index) =>
              start + step * index < (clock?.from ?? 0) ? null : finite(points.get(index)),
            ),
    };
  });
}

function ofPanel({ title }: PanelJson, { href }: Connection, { reason }: QueryRefused): InvalidInputError {
  return new InvalidInputError("preview", [
    {
      path: "--prometheus",
      found: `${href}: it refuses a query of the panel ${shown(title)}: ${reason}`,
      allowed: "a Prometheus that answers the queries of the dashboards",
      fix: "see what it says; without --prometheus, pictures are drawn from a recording",
    },
  ]);
}

function finite(value: number | string | undefined): number | null {
  const number = value === undefined ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A query with Grafana's placeholders filled in, and all of every variable chosen. */
function sent(expr: string, hours: number, step: number): string {
  const values: Readonly<Record<string, string>> = {
    __rate_interval: `${Math.max(120, 4 * step)}s`,
    __interval: `${step}s`,
    __range: `${hours}h`,
    __range_s: String(hours * 3600),
  };
  return expr.replaceAll(
    /\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g,
    (_, braced?: string, bare?: string) => values[braced ?? bare ?? ""] ?? ".*",
  );
}
