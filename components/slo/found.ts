import { type Counters, selectorsOf } from "../signals/counters.ts";
import type { EventCount } from "../signals/event-rate.ts";
import { histogramCount, type InstantVector, instant, or, sumWithout, topOne } from "../signals/promql.ts";
import { unclear } from "../signals/samples.ts";
import { query } from "./annotations.ts";

// An example of what an objective cannot classify, for the description of the alert.

/** Labels of a target, and of one of many series: they do not say how an event ended, and make the example long. */
const OF_TARGET = ["job", "namespace", "service", "team", "pod", "container", "endpoint", "instance", "node"];

/** The labels of the largest of these series, or the value of the gauge, as a sentence after a blank. */
export function foundTemplate(count: EventCount): string {
  if ("kind" in count && count.kind === "unclear checks")
    return `{{ with ${query(unclear(count.sampled))} }}${foundSentence("{{ . | first | value }}")}{{ end }}`;
  const largest = largestOf(count);
  if (largest === undefined) return "";
  const each =
    '{{ range $name, $text := (. | first).Labels }} {{ $name }}="{{ $text }}"{{ else }} none{{ end }}';
  return `{{ with ${query(topOne(sumWithout(largest, ...OF_TARGET)))} }}${foundSentence(`labels${each}`)}{{ end }}`;
}

/** The labels of a series without those of its target, as the alert shows them. */
export function labelsText(series: string): string {
  const labels = [...series.matchAll(/(\w+)="([^"]*)"/g)].filter(
    ([, name = ""]) => !OF_TARGET.includes(name),
  );
  if (labels.length === 0) return "labels none";
  const sorted = labels.map(([, name, text]) => ` ${name}="${text}"`).sort();
  return `labels${sorted.join("")}`;
}

export function foundSentence(found: string): string {
  return ` Found: ${found}`;
}

function largestOf(count: EventCount): InstantVector | undefined {
  if (!("kind" in count)) return eitherOf(count);
  return count.kind === "observations" ? histogramCount(eitherOf(count.histogram)) : undefined;
}

function eitherOf(counters: Counters): InstantVector {
  const [first, ...others] = selectorsOf(counters).map((selector) => instant(selector));
  return or(first as InstantVector, ...others);
}
