import { expect } from "vitest";
import type { Duration } from "../../../components/core/duration.ts";
import type { PromtoolSeries } from "../../../components/core/promtool.ts";
import type { Slo } from "../../../components/slo/model.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import { momentOf } from "../../expositions/conventions/played.ts";
import type { Recording } from "../../expositions/conventions/recording.ts";
import { promtool } from "../slo/promtool.ts";
import { LINKS } from "../slo/samples.ts";

/** A recorded library, and the objectives of a service that has its name. */
interface Played {
  readonly name: string;
  readonly recording: Recording;
  readonly slos: readonly Slo[];
  readonly series: readonly PromtoolSeries[];
}

/** Events per second that a record of an objective has in the middle of a kind of request or job; undefined: it has no series. */
export type RecordedRates = (name: string, kind: string, slo: string, record: string) => number | undefined;

/** Asks Prometheus what the records of the objectives are while the recordings are played, once for all. */
export async function recordedRates(
  all: readonly Played[],
  { kinds, records }: { readonly kinds: readonly string[]; readonly records: readonly string[] },
): Promise<RecordedRates> {
  const groups = all.flatMap(({ slos }) =>
    slos.map((slo) => {
      const group = ruleGroup(slo, "30s", LINKS);
      return {
        ...group,
        rules: group.rules.filter((rule) => "record" in rule && records.includes(rule.record)),
      };
    }),
  );
  const queries = all.flatMap(({ name, recording }) =>
    kinds.flatMap((kind) => {
      const moment = momentOf(recording, kind);
      return moment === undefined ? [] : [{ name, kind, moment }];
    }),
  );
  const { stdout, stderr } = await promtool(groups, "30s", [
    {
      name: "recordings",
      interval: "30s",
      input_series: all.flatMap(({ series }) => series),
      promql_expr_test: queries.map(({ name, moment }) => ({
        expr: `{__name__=~"${records.join("|")}",service="${name}"}`,
        eval_time: `${moment}s` as Duration,
        exp_samples: [{ labels: "{}", value: -1 }],
      })),
    },
  ]);
  const got = (stdout + stderr).split("got:").slice(1);
  expect(got).toHaveLength(queries.length);
  const answers = new Map(
    queries.map(({ name, kind }, index) => [
      `${name} ${kind}`,
      new Map(
        [...(got[index] ?? "").matchAll(/\{__name__="([^"]+)"[^}]* slo="(\w+)"[^}]*\} ([^\s,]+)/g)].map(
          ([, record = "", slo = "", value = ""]) => [`${slo} ${record}`, Number.parseFloat(value)],
        ),
      ),
    ]),
  );
  return (name, kind, slo, record) => answers.get(`${name} ${kind}`)?.get(`${slo} ${record}`);
}
