/** A row of the main table of docs/how-to/rotate-secrets.md. */
export interface RotationRow {
  /** The field that names the secret: `grafana.tokenSecret`. */
  readonly field: string;
  /** What `pulumi up` does: `update Secret grafana-admin`, in the order of the page. */
  readonly steps: readonly string[];
  /** What restarts: `Grafana`, or undefined. */
  readonly restarts: string | undefined;
  readonly byHand: string;
  readonly oldValue: string;
}

export function mainTable(page: string): readonly RotationRow[] {
  return rowsAfter(page, "| secret |").map(
    ([field = "", steps = "", restarts = "", byHand = "", oldValue = ""]) => ({
      field: field.replaceAll("`", ""),
      steps: stepsOf(steps),
      restarts: restarts === "nothing" ? undefined : restarts,
      byHand,
      oldValue,
    }),
  );
}

/** What else `pulumi up` does for a secret of a receiver that Grafana notifies, by the kind of Grafana. */
export function grafanaTable(page: string): ReadonlyMap<string, Pick<RotationRow, "steps" | "restarts">> {
  return new Map(
    rowsAfter(page, "| `grafana.kind` |").map(([kind = "", steps = "", restarts = ""]) => [
      kind.replaceAll("`", ""),
      { steps: stepsOf(steps), restarts: restarts === "nothing" ? undefined : restarts },
    ]),
  );
}

/** The cells of the rows of the table whose head starts with a text. */
export function rowsAfter(page: string, head: string): readonly (readonly string[])[] {
  const [, , ...rows] = page.slice(page.indexOf(`\n${head}`) + 1).split("\n");
  return rows
    .slice(
      0,
      rows.findIndex((row) => !row.startsWith("|")),
    )
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function stepsOf(cell: string): readonly string[] {
  return cell.split(", ").map((step) => step.replaceAll("`", ""));
}
