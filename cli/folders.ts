import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);

/** Where charts that were drawn are kept, so that a preview draws only what changed. */
export const DRAWINGS_FOLDER = fileURLToPath(new URL(".cache/pictures", ROOT));
/** Where previews of earlier commits are kept for reviews. */
export const REVIEW_CACHE = fileURLToPath(new URL(".cache/review", ROOT));
/** Where the tests keep the programs that they built. */
export const TOOLS_FOLDER = fileURLToPath(new URL(".cache/tools", ROOT));
/** Where reviews go. */
export const REVIEW_FOLDER = fileURLToPath(new URL("review", ROOT));
/** Where reviews of alerts go. */
export const ALERT_REVIEW_FOLDER = fileURLToPath(new URL("alert-review", ROOT));
/** Where reports of objectives go. */
export const SLO_REPORT_FOLDER = fileURLToPath(new URL("slo-report", ROOT));
/** The folder of the platform. */
export const PLATFORM_FOLDER = fileURLToPath(ROOT);
/** Where previews go. */
export const OUT_FOLDER = fileURLToPath(new URL("out", ROOT));
