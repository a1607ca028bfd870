import type { Estimate } from "../estimate/estimate.ts";
import { byUseInWords, pricesInWords } from "../estimate/words.ts";
import { dollars } from "./numbers.ts";

/** The heads of the columns of {@link estimateRows}. */
export const ESTIMATE_COLUMNS = ["What", "Units and price", "A month", "With the most nodes of each group"];

/** An estimate as the cells of a table, with its sum as last row. */
export function estimateRows({ lines, monthly, mostMonthly }: Estimate): readonly (readonly string[])[] {
  const amount = (of: number | undefined) => (of === undefined ? "not known" : dollars(of));
  return [
    ...lines.map((line) => [line.label, line.how, amount(line.monthly), amount(line.mostMonthly)]),
    ["Together", "", dollars(monthly), dollars(mostMonthly)],
  ];
}

/** What it is made from and what is not in it, as sentences. */
export function estimateNotes(estimate: Estimate): readonly string[] {
  return [
    `An estimate with ${pricesInWords(estimate)}: cli/estimate/prices.yaml.`,
    ...[...estimate.unpriced, byUseInWords(estimate)].flatMap((text) =>
      text === undefined ? [] : [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`],
    ),
  ];
}
