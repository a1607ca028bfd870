import { QueryRefused } from "../../verify/connection.ts";
import { called } from "../alerts.ts";
import type { EnvironmentModel, ModelAlert } from "../model.ts";
import type { ReplayedBase } from "./agreement.ts";
import { compute } from "./compute.ts";
import { type Grid, gridWithin, type Presence, presenceOf } from "./history.ts";
import type { Holder } from "./holder.ts";
import type { LocalPrometheus } from "./local.ts";
import type { Computed } from "./records.ts";
import type { ReplayRequest } from "./request.ts";
import type { ReplayedRule } from "./rules.ts";
import { alertsByRule, type Firing, firingsWithin, seriesOf } from "./side.ts";

/** One alert of one side, and when it would have fired. */
interface ReplayedAlert {
  readonly alert: ModelAlert;
  readonly firings: readonly Firing[];
}

/** What was replayed of one side. */
export interface ReplayedSide {
  readonly alerts: readonly ReplayedAlert[];
  readonly rules: readonly ReplayedBase[];
}

/** Evaluates the rules of both sides. What both have is evaluated once. */
export class Evaluation {
  /** Alerts that cannot be replayed, and why. */
  readonly leftOut = new Map<string, string>();
  private readonly request: ReplayRequest;
  private readonly offsets: ReadonlyMap<string, number>;
  private readonly holder: Holder;
  private readonly known = new Map<string, Promise<readonly Presence[]>>();

  constructor(request: ReplayRequest, offsets: ReadonlyMap<string, number>, holder: Holder) {
    this.request = request;
    this.offsets = offsets;
    this.holder = holder;
  }

  async ofSide(
    model: EnvironmentModel,
    rules: readonly ReplayedRule[],
    side: Computed,
  ): Promise<ReplayedSide> {
    const local = await this.computed(side);
    const replayed: (ReplayedBase & ReplayedAlert)[] = [];
    for (const { name, by, service, slo } of model.alerts)
      if (by === "Grafana") this.leftOut.set(called({ name, service, slo }), "Grafana evaluates it");
    for (const [alert, rule] of alertsByRule(model, rules)) {
      const about = called(alert);
      const why = whyNot(rule, side, local);
      if (why !== undefined || rule === undefined) {
        this.leftOut.set(about, why ?? "");
        continue;
      }
      try {
        const grid = this.gridOf(rule);
        const series = seriesOf(rule, await this.presence(rule, side, local, grid));
        const firings = firingsWithin(series, grid, this.request.from);
        replayed.push({ alert, firings, rule, about, grid, series });
      } catch (error) {
        if (!(error instanceof QueryRefused)) throw error;
        this.leftOut.set(about, error.reason);
      }
    }
    return { alerts: replayed, rules: replayed };
  }

  /** The Prometheus with the computed records of a side; undefined if there are none, or no program to hold them. */
  private async computed(side: Computed): Promise<LocalPrometheus | undefined> {
    const { history, from, to } = this.request;
    const local = side.records.length === 0 ? undefined : await this.holder.get();
    if (local === undefined) return undefined;
    for (const record of side.records) {
      const source = side.isRead(record.rule.expr) ? local.connection : history;
      await compute(record, source, local, from, to, this.offsetOf(record.rule));
    }
    return local;
  }

  private offsetOf({ group }: ReplayedRule): number {
    return this.offsets.get(group) ?? 0;
  }

  /** It begins early enough that an alert which fires at the first moment of the replay does so here, too. */
  private gridOf(rule: ReplayedRule): Grid {
    const { from, to } = this.request;
    return gridWithin(from - rule.hold - rule.keep, to, rule.interval, this.offsetOf(rule));
  }

  private presence(
    { expr }: ReplayedRule,
    side: Computed,
    local: LocalPrometheus | undefined,
    grid: Grid,
  ): Promise<readonly Presence[]> {
    const asked = side.rewritten(expr);
    const key = JSON.stringify([asked, grid]);
    const source = side.isRead(expr) ? local?.connection : undefined;
    const presence = this.known.get(key) ?? presenceOf(source ?? this.request.history, asked, grid);
    this.known.set(key, presence);
    return presence;
  }
}

function whyNot(
  rule: ReplayedRule | undefined,
  side: Computed,
  local: LocalPrometheus | undefined,
): string | undefined {
  if (rule === undefined) return "its rule is not among the rules of the environment";
  if (!side.isRead(rule.expr)) return undefined;
  if (side.circular.size > 0) return "it reads records that the history lacks and that read each other";
  return local === undefined
    ? "it reads records that the history lacks, which a program prometheus on PATH computes"
    : undefined;
}
