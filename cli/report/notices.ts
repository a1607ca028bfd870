import { RUNBOOKS } from "../../components/core/runbooks.ts";
import type { Environment } from "../../stacks/environment.ts";
import { renamedFieldsIn, renamingNotice } from "../../stacks/renamed-fields.ts";

/** What prevents no deployment and that the reader should change or know: sentences. `raw` is the environment as the file has it. */
export function noticesOf(environment: Pick<Environment, "alerts">, raw: unknown): readonly string[] {
  return [...renamedFieldsIn(raw).map(renamingNotice), ...runbookNotices(environment)];
}

function runbookNotices({ alerts }: Pick<Environment, "alerts">): readonly string[] {
  if (alerts.runbookBaseUrl !== RUNBOOKS) return [];
  return [
    `The runbook links of the alerts use the default ${RUNBOOKS}. Publish docs/runbooks where on-call engineers can open it and set alerts.runbookBaseUrl to its URL.`,
  ];
}
