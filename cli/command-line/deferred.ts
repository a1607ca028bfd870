import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

// Imported before anything that loads Pulumi's SDK. The same place from the sources and from the npm package.

const require = createRequire(import.meta.url);
const { deferUnused } = require("../../policies/packs/deferred.cjs") as {
  readonly deferUnused: (entries: readonly string[]) => void;
};
deferUnused([fileURLToPath(import.meta.url)]);
