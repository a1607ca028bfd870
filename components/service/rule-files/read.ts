import { parseDocument } from "yaml";
import type { FileFormat } from "../files.ts";

/** How rule files are read. */
export const RULE_FILES_FORMAT: FileFormat = {
  field: "rules",
  ending: /\.(?:ya?ml|json)$/,
  allowed: "a rule file of Prometheus, or one PrometheusRule, at a path from the file of the definition",
  contentOf: (text) => {
    const groups = groupsIn(text);
    return typeof groups === "string" ? groups : { groups };
  },
};

/** The groups of the text of a rule file or a PrometheusRule, or what is wrong with it. */
export function groupsIn(text: string): unknown[] | string {
  // Every scalar is the text that was written: Prometheus reads the label 1.10 as a text, too.
  const document = parseDocument(text, { schema: "failsafe", prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    return `which is not one YAML document: ${error.message.split("\n")[0]?.replace(/:$/, "")}`;
  const file = document.toJS() as { readonly kind?: unknown; readonly spec?: unknown } | null;
  const holder = (file?.kind === "PrometheusRule" ? file.spec : file) as { readonly groups?: unknown } | null;
  if (!Array.isArray(holder?.groups)) return "which has no list of groups";
  return holder.groups.map(withNumbers);
}

/** Numbers are texts in the file. */
function withNumbers(group: unknown): unknown {
  const { limit } = (group ?? {}) as { readonly limit?: unknown };
  return typeof limit === "string" && /^\d+$/.test(limit)
    ? { ...(group as object), limit: Number(limit) }
    : group;
}
