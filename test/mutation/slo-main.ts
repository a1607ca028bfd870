import { SLO_KINDS } from "./slo-kinds.ts";
import { attemptSlo, type Shared, sloMutants } from "./slo-trial.ts";
import { killRate } from "./trial.ts";

// `npm run mutate` runs this too: every mutant of every rule of one SLO of each kind.

// Words restrict it to kinds or rules with such a name: `node --import tsx test/mutation/slo-main.ts latency BurnFast`.

const words = process.argv.slice(2);
const kinds = SLO_KINDS.filter(({ name }) => words.some((word) => name.includes(word)));
const isAsked = (rule: string) => {
  const ofRules = words.filter((word) => !SLO_KINDS.some(({ name }) => name.includes(word)));
  return ofRules.length === 0 || ofRules.some((word) => rule.includes(word));
};
const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
const shared: Shared = new Map();
let holds = true;

for (const kind of kinds.length > 0 ? kinds : SLO_KINDS) {
  const started = Date.now();
  const tried = await attemptSlo(
    sloMutants(kind).filter(({ rule }) => isAsked(rule)),
    shared,
  );
  const count = (fate: string) => tried.filter((one) => one.fate === fate).length;
  for (const { rule, mutant } of tried.filter(({ fate }) => fate === "survived"))
    console.log(
      `survived  ${kind.name}, ${rule}: ${mutant.what}\n          ${mutant.rule.expr.replaceAll("\n", " ")}`,
    );
  const rules = [...new Set(tried.map(({ rule }) => rule))];
  const rates = rules.map((rule) => [rule, killRate(tried.filter((one) => one.rule === rule))] as const);
  for (const [rule, rate] of rates) if (rate < 1) console.log(`${percent(rate).padStart(6)}  ${rule}`);
  const lowest = Math.min(...rates.filter(([rule]) => !rule.includes(":")).map(([, rate]) => rate));
  console.log(
    `${kind.name}: ${tried.length} mutants of ${rules.length} rules in ${Math.round((Date.now() - started) / 1000)} s: ` +
      `${count("killed")} killed, ${count("survived")} survived, ${count("equivalent")} equivalent, ${count("unloadable")} not loadable; ` +
      `${percent(killRate(tried))} killed, at least ${percent(lowest)} of each alert`,
  );
  holds &&= killRate(tried) >= 0.95 && lowest >= 0.8;
}
process.exitCode = holds ? 0 : 1;
