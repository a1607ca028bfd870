import { describe, expect, it } from "vitest";
import { withBlanks } from "../../../cli/report/sentences.ts";
import { rules } from "../../infra/previews.ts";

const read = (template: string) =>
  withBlanks(template)
    .map((part) => ("text" in part ? part.text : `<${part.blank}>`))
    .join("");

describe("an alert's text with blanks", () => {
  it.each([
    ["Pod {{ $labels.pod }} of {{ .Labels.node }}", "Pod <pod> of <node>"],
    ["{{ $value | humanizePercentage }} fail", "<value> fail"],
    [
      "burn rate {{ with printf `round(vector(%g / 0.001), 0.01)` $value | query }}{{ . | first | value }}{{ end }})",
      "burn rate <value>)",
    ],
    [
      '{{ with query `a{b="c"}` }}{{ . | first | value }} is left.{{ with query `x{}` }} In {{ . }} hours.{{ end }}{{ else }}Not known.{{ end }} End',
      "<value> is left. In <value> hours. End",
    ],
    ['{{ with query "a{b=\\"}}\\"}" }}over 1h{{ else }}over 6h{{ end }}', "over 1h"],
    ["{{ if $x }}a{{ else if $y }}b{{ else }}c{{ end }}d", "ad"],
    ["{ not {} an action }", "{ not {} an action }"],
  ])("reads as a sentence: %s", (template, text) => {
    expect(read(template)).toBe(text);
  });

  it("has no braces and no two values in a row, for every alert of prod", () => {
    const texts = Object.values(rules("prod"))
      .flat()
      .flatMap(({ annotations = {} }) => [annotations["summary"], annotations["description"]])
      .filter((text) => text !== undefined);
    expect(texts.length).toBeGreaterThan(200);
    for (const text of texts) expect(read(text)).not.toMatch(/\{\{|\}\}|<value><value>/);
  });
});
