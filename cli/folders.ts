import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);

/** Where charts that were drawn are kept, so that a preview draws only what changed. */
export const DRAWINGS_FOLDER = fileURLToPath(new URL(".cache/pictures", ROOT));
/** Where previews go. */
export const OUT_FOLDER = fileURLToPath(new URL("out", ROOT));
