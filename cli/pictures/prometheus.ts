import type { PanelJson, TargetJson } from "../../components/grafana/json.ts";
import { hoursOf, legendOf, type PanelData, type PictureSource, POINTS, type Series } from "./data.ts";

/** Seconds that one question may take: a preview is no place to wait. */
const PATIENCE = 20;

interface Answer {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

/**
 * The series of a real Prometheus, asked as Grafana would ask with nothing chosen; `now` in Unix seconds. Rejects when it cannot be
 * reached or refuses a query.
 */
export function prometheusSource(url: string, now: number): PictureSource {
  // Environments share most of their queries, and each is asked once.
  const asked = new Map<string, Promise<Series[]>>();
  const once = (panel: PanelJson, target: TargetJson, query: number, hours: number) => {
    const key = JSON.stringify([target, query, hours]);
    const known = asked.get(key) ?? ask(url, panel, target, query, hours, now);
    asked.set(key, known);
    return known;
  };
  return {
    label: `Drawn from the Prometheus at ${new URL(url).host}`,
    read: async (panel, { time }) => {
      const hours = hoursOf(time?.from);
      const answers = await Promise.all(
        panel.targets.map((target, query) => once(panel, target, query, hours)),
      );
      return { series: answers.flat(), time: { kind: "until-now", hours } } satisfies PanelData;
    },
  };
}

async function ask(
  url: string,
  panel: PanelJson,
  target: TargetJson,
  query: number,
  hours: number,
  now: number,
): Promise<Series[]> {
  const step = Math.max(30, Math.round((hours * 3600) / (POINTS - 1)));
  const expr = sent(target.expr, hours, step);
  const times: Record<string, string> =
    target.instant === true
      ? { time: String(now) }
      : { start: String(now - step * (POINTS - 1)), end: String(now), step: String(step) };
  const path = target.instant === true ? "query" : "query_range";
  const response = await fetch(new URL(`api/v1/${path}`, url.endsWith("/") ? url : `${url}/`), {
    method: "POST",
    body: new URLSearchParams({ query: expr, ...times }),
    signal: AbortSignal.timeout(PATIENCE * 1000),
  });
  const answer = (await response.json()) as Answer;
  if (answer.status !== "success") throw new Error(`${panel.title}: ${answer.error}`);
  return answer.data.result.map(({ metric, value, values }) => {
    const points = new Map(
      (values ?? (value ? [value] : [])).map(([at, text]) => [Math.round(at), Number(text)]),
    );
    return {
      name: legendOf(target, metric),
      labels: metric,
      query,
      values:
        target.instant === true
          ? [finite(value?.[1])]
          : Array.from({ length: POINTS }, (_, index) =>
              finite(points.get(now - step * (POINTS - 1 - index))),
            ),
    };
  });
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
