/** Names that pages use for a label, where it is not the label in capitals; the first label that the alert has counts. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  BUDGET: ["poddisruptionbudget"],
  CLAIM: ["persistentvolumeclaim"],
  HOST: ["instance"],
  HPA: ["horizontalpodautoscaler"],
  JOB: ["job_name", "job"],
  MOUNT: ["mountpoint"],
  SET: ["statefulset", "daemonset"],
  VOLUME: ["persistentvolume", "volumename"],
};

/** The label that a name of a page is for. */
export function labelOf(name: string): string {
  return labelsOf(name)[0] ?? name;
}

function labelsOf(name: string): readonly string[] {
  return LABELS[name] ?? [name.toLowerCase()];
}

/** A page with the labels of an alert in its commands and queries. */
export interface Filled {
  readonly text: string;
  /** Names in commands and queries that no label is for. */
  readonly missing: readonly string[];
  /** The labels whose values are in it. */
  readonly used: ReadonlySet<string>;
}

/** A label whose values are in capitals themselves, such as `verb="WATCH"`. */
const IN_CAPITALS = /^verb=/;

const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** Fills in `"SERVICE"` of queries and `SERVICE=...` of commands. What is outside of blocks stays as it is. */
export function filled(page: string, labels: Readonly<Record<string, string>>): Filled {
  const missing = new Set<string>();
  const used = new Set<string>();
  const labelFor = (name: string) => {
    const label = labelsOf(name).find((each) => labels[each] !== undefined && labels[each] !== "");
    if (label === undefined) missing.add(name);
    else used.add(label);
    return label === undefined ? undefined : labels[label];
  };
  const text = page.replace(BLOCK, (block: string, language: string, content: string) => {
    if (language === "promql")
      return block.replace(content, () =>
        content.replace(/\b(\w+=~?)"([A-Z][A-Z_]+)"/g, (found, matcher: string, name: string) => {
          const value = IN_CAPITALS.test(matcher) ? undefined : labelFor(name);
          return value === undefined ? found : `${matcher}${JSON.stringify(value)}`;
        }),
      );
    if (language !== "sh") return block;
    return block.replace(content, () =>
      content.replace(/\b([A-Z][A-Z_]+)=\.\.\.(?=\s)/g, (found, name: string) => {
        const value = labelFor(name);
        return value === undefined ? found : `${name}=${quoted(value)}`;
      }),
    );
  });
  return { text, missing: [...missing], used };
}

/** As a shell takes it for one word, whatever is in it. */
function quoted(value: string): string {
  return /^[\w./:-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
