import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { InvalidInputError } from "../../components/core/problems.ts";
import { validate } from "../../components/core/validation.ts";

/** The file of prices, from the root of the repository. */
const PRICES_FILE = "cli/estimate/prices.yaml";

const INSTANCE = /^instance [a-z]\w*(-\w+)*\.\w+(-\w+)*$/;

/** What a price is for; `instance <type>` is a Linux instance on demand. */
const ITEMS = [
  "EKS cluster",
  "gp3 volume",
  "NAT gateway",
  "NAT gateway traffic",
  "public IPv4 address",
  "interface endpoint",
  "KMS key",
  "load balancer",
  "alarm",
  "logs ingested",
  "logs stored",
  "samples ingested",
  "samples stored",
  "samples queried",
  "S3 storage",
] as const;

/** What a price is for, as {@link ITEMS} has it, or an instance type. */
export type Item = (typeof ITEMS)[number] | `instance ${string}`;

const price = z.strictObject({
  region: z
    .string("a region of AWS")
    .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, "a region of AWS, such as eu-central-1"),
  item: z
    .string("what the price is for")
    .refine(
      (item) => (ITEMS as readonly string[]).includes(item) || INSTANCE.test(item),
      `one of ${ITEMS.join(", ")}, or instance and a type`,
    ),
  unit: z.enum(["hour", "month", "GB", "GB-month", "10 million", "1000 million"], {
    error: "one of hour, month, GB, GB-month, 10 million, 1000 million",
  }),
  amount: z.number("US dollars for one unit").positive("more than 0"),
  upTo: z.number("units in a month").positive("more than 0").optional(),
  date: z.iso.date("the day on which the source read the price, as YYYY-MM-DD"),
  source: z.url({ protocol: /^https$/, error: "where the price is written, as https URL" }),
});

const priceFile = z.strictObject({
  // Anchors that prices refer to.
  sources: z.record(z.string(), z.unknown()).optional(),
  prices: z
    .array(price, "a list of prices")
    .min(1, "at least one price")
    .superRefine((prices, context) => {
      const seen = new Set<string>();
      for (const [index, { region, item, upTo }] of prices.entries()) {
        const key = JSON.stringify([region, item, upTo]);
        if (seen.has(key))
          context.addIssue({ code: "custom", path: [index], message: "one price of an item in a region" });
        seen.add(key);
      }
    }),
});

/** One price: so many US dollars for one unit, in one region. */
export interface Price extends Readonly<z.output<typeof price>> {}

/** List prices, by region and item. */
export interface PriceList {
  /** The price of an item in a region; undefined if the list has none. Of several by amount, the first. */
  readonly of: (region: string, item: Item) => Price | undefined;
  /** The prices of an item by amount: those of the first units, then of those beyond. */
  readonly tiers: (region: string, item: Item) => readonly Price[];
  readonly all: readonly Price[];
}

/** Reads a list of prices. Throws an InvalidInputError that names every mistake in it. */
export function pricesIn(text: string, file = PRICES_FILE): PriceList {
  const read = validate(priceFile, yamlIn(text, file), "");
  if (!read.ok) throw new InvalidInputError(file, read.problems);
  const { prices } = read.value;
  const tiers = (region: string, item: Item) =>
    prices
      .filter((each) => each.region === region && each.item === item)
      .sort((a, b) => (a.upTo ?? Number.POSITIVE_INFINITY) - (b.upTo ?? Number.POSITIVE_INFINITY));
  return { all: prices, tiers, of: (region, item) => tiers(region, item)[0] };
}

/** A price takes day and source from where they are stated once, by a merge. */
function yamlIn(text: string, file: string): unknown {
  try {
    return parse(text, { merge: true }) as unknown;
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const problem = { path: file, found: what.replace(/:$/, ""), allowed: "YAML", fix: "correct its syntax" };
    throw new InvalidInputError(file, [problem]);
  }
}

const UNITS: Readonly<Record<Price["unit"], string>> = {
  hour: "an hour",
  month: "a month",
  GB: "a GB",
  "GB-month": "a GB and month",
  "10 million": "for 10 million",
  "1000 million": "for 1,000 million",
};

/** Such as `$0.2415 an hour`. */
export function priceInWords({ amount, unit }: Pick<Price, "amount" | "unit">): string {
  return `$${amount < 0.1 || String(amount).length > 4 ? amount : amount.toFixed(2)} ${UNITS[unit]}`;
}

let list: PriceList | undefined;

/** The list of this version, which is read once. */
export function prices(): PriceList {
  list ??= pricesIn(readFileSync(new URL("prices.yaml", import.meta.url), "utf8"));
  return list;
}
