import { LOSSES } from "../../../components/exchange/losses.ts";

/** The table of everything that is ever lost, as the how-to has it. */
export function lossTable(): string {
  const rows = Object.values(LOSSES).map(
    ({ what, reason, instead }) => `| ${what} | ${reason} | ${instead} |`,
  );
  return ["| what | reason | what to do |", "|---|---|---|", ...rows].join("\n");
}
