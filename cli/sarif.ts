/** What a tool found, for {@link sarifLog}. `Rule` and `Result` are those of SARIF 2.1.0. */
interface Findings<Rule, Result> {
  /** The tool's name: `bellwether review`. */
  readonly tool: string;
  readonly rules: readonly Rule[];
  readonly results: readonly Result[];
}

/** A log of SARIF 2.1.0 with one run, as text. */
export function sarifLog<Rule extends { readonly id: string }, Result extends { readonly ruleId: string }>({
  tool,
  rules,
  results,
}: Findings<Rule, Result>): string {
  const index = new Map(rules.map(({ id }, position) => [id, position]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: tool,
            informationUri: "https://github.com/bellwether-platform/bellwether",
            rules,
          },
        },
        columnKind: "utf16CodeUnits",
        results: results.map(({ ruleId, ...result }) => ({
          ruleId,
          ruleIndex: index.get(ruleId),
          ...result,
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
