import { within } from "../../promql/expression.ts";
import { type Check, evaluationIntervalOf, once } from "../check.ts";
import { printSeconds } from "../surroundings.ts";

/** One lost scrape must not be an alert; two in a row are no accident. */
const EVALUATIONS = 2;

export const absentDuration: Check = {
  id: "absent-duration",
  title: `The \`for\` of an alert on absence is at least ${EVALUATIONS} evaluations.`,
  why: "A restart of an exporter or of Prometheus leaves a gap of one evaluation, which is not an outage.",
  fix: "set a `for` of some minutes, or use absent_over_time(…)",
  judge: (rule, world) => {
    if (rule.kind === "record") return [];
    const interval = evaluationIntervalOf(rule, world);
    const isHasty = within(rule.expression).some((part) => {
      if (part.kind !== "call" || !part.name.startsWith("absent")) return false;
      const [arg] = part.args;
      const covered = arg?.kind === "range" || arg?.kind === "subquery" ? arg.length : 0;
      return covered + rule.for < EVALUATIONS * interval;
    });
    return once(
      isHasty
        ? [
            `fires on absence after ${printSeconds(rule.for)}, and its group is evaluated every ${printSeconds(interval)}`,
          ]
        : [],
    );
  },
};
