import { parse } from "yaml";
import { memoize } from "../../../components/core/memoize.ts";

/**
 * Alertmanager's configuration as data, which nobody may change; undefined for a text that is no YAML, which Alertmanager refuses. Several policies and
 * a preview's report read the same text.
 */
export const parsedConfiguration: (text: string) => unknown = memoize(
  (text: string): unknown => {
    try {
      return parse(text, { merge: true, logLevel: "error" });
    } catch {
      return undefined;
    }
  },
  { most: 8 },
);
