import { z } from "zod";
import { DURATION_PATTERN, type Duration, seconds } from "./duration.ts";
import {
  BYTE_QUANTITY_PATTERN,
  type ByteQuantity,
  CPU_QUANTITY_PATTERN,
  type CpuQuantity,
} from "./quantity.ts";

// The building blocks of every schema of ours. Each carries what is allowed as its error text, because that is what a
// problem shows; nothing here accepts a string or a number without bounds.

/** A string that matches `pattern`; `allowed` is the phrase shown when it does not. */
export function text<T extends string = string>(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).regex(pattern, { error: allowed }) as unknown as z.ZodType<T, T>;
}

/** An integer from `min` to `max`, both included. */
export function integer(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z.int({ error: allowed }).min(min, { error: allowed }).max(max, { error: allowed });
}

/** A number from `min` to `max`, both included; `unit` names what it counts. */
export function decimal(min: number, max: number, unit: string) {
  const allowed = `a number from ${min} to ${max} (${unit})`;
  return z.number({ error: allowed }).min(min, { error: allowed }).max(max, { error: allowed });
}

/** True or false, and no quoted word. */
export function toggle() {
  return z.boolean({ error: "true or false" });
}

/** One of the listed words. */
export function choice<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `one of ${values.join(", ")}` });
}

/** A list of `min` to `max` items. */
export function list<T extends z.ZodType>(item: T, min: number, max: number) {
  const allowed = `a list of ${min} to ${max} items`;
  return z.array(item, { error: allowed }).min(min, { error: allowed }).max(max, { error: allowed });
}

/** A map from a name of the given kind to a value. */
export function named<T extends z.ZodType>(name: z.ZodType<string, string>, value: T) {
  return z.record(name, value, { error: "a map from a name to its settings" });
}

/** A Prometheus duration from `min` to `max`. */
export function durationBetween(min: Duration, max: Duration) {
  const allowed = `a duration from ${min} to ${max}, such as ${min}`;
  return z
    .string({ error: allowed })
    .regex(DURATION_PATTERN, { error: allowed })
    .refine((value) => !DURATION_PATTERN.test(value) || inRange(seconds(value), seconds(min), seconds(max)), {
      error: allowed,
    }) as unknown as z.ZodType<Duration, Duration>;
}

function inRange(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}

/** Bytes with a binary suffix. */
export const byteQuantity = () =>
  text<ByteQuantity>(BYTE_QUANTITY_PATTERN, "a quantity of bytes such as 512Mi or 200Gi");

/** CPU cores or millicores. */
export const cpuQuantity = () =>
  text<CpuQuantity>(CPU_QUANTITY_PATTERN, "a quantity of CPU such as 250m or 2");

/** A DNS label (RFC 1123), cut to 40 characters so that names derived from it still fit 63. */
export const dnsLabel = () =>
  text(/^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "a name of 1 to 40 lower-case letters, digits and hyphens");

/** The name of a secret: the key under which `pulumi config set --secret bellwether:<name>` keeps its value. */
export const secretName = () =>
  text(
    // Lookaheads, so that the JSON Schema refuses a key that was pasted here, too: of a name with 20 characters or more at most two are
    // digits, of a shorter one four, and no capital stands alone between others, as they do in random texts.
    /^(?!(?:[A-Za-z]*\d){5})(?!(?=.{20})(?:[A-Za-z]*\d){3})(?!(?=.{16})(?:.*?[a-z0-9][A-Z](?=[A-Z0-9]|$)){3})[a-z][A-Za-z0-9]{2,39}$/,
    "the name of a secret in camelCase, 3 to 40 letters and few digits, and never its value",
  ).meta({ secret: true });

/** An absolute https URL without credentials and without a trailing slash. */
export const httpsUrl = () =>
  url(
    /^https:\/\/[^\s/@?#]+(?:\/[^\s?#]*[^\s/?#])?$/,
    "an https URL without credentials or a trailing slash",
  );

/** An http or https URL without credentials. */
export const webUrl = () =>
  url(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/, "an http or https URL without credentials");

/** A URL of the given form, whose host and port exist: the form alone would let a port of 99999 pass. */
function url(form: RegExp, allowed: string) {
  return z
    .string({ error: allowed })
    .regex(form, { error: allowed })
    .refine((value) => !form.test(value) || URL.canParse(value), { error: allowed });
}

/** An IPv4 block in CIDR notation whose host bits are zero; whether it is big enough is for the rules between fields. */
export const cidrBlock = () =>
  z
    .string({ error: CIDR_ALLOWED })
    .regex(CIDR_PATTERN, { error: CIDR_ALLOWED })
    .refine((value) => !CIDR_PATTERN.test(value) || hostBitsAreZero(value), {
      error: CIDR_ALLOWED,
    }) as unknown as z.ZodType<string, string>;

const CIDR_ALLOWED = "an IPv4 block such as 10.40.0.0/16 whose host bits are zero";
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const CIDR_PATTERN = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}/(?:[0-9]|[12]\\d|3[0-2])$`);

function hostBitsAreZero(block: string): boolean {
  const [address = "", prefix = "32"] = block.split("/");
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return value % 2 ** (32 - Number(prefix)) === 0;
}

/** Why somebody answers for something: one line. */
export const reasonLine = () =>
  text(/^\S.{18,298}\S$/, "one line of 20 to 300 characters with the reason").meta({
    description: "One line of 20 to 300 characters.",
  });

/** Names of environments, which are those of their stacks. */
export const environmentNames = () =>
  list(text(/^[A-Za-z0-9._-]{1,100}$/, "the name of an environment, such as prod"), 1, 50).meta({
    description: "The names of the environments.",
  });
