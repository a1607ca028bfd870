import { join, relative, resolve } from "node:path";
import { lastReview } from "../alert-review/last.ts";
import { type AlertReviewRequest, reviewAlerts } from "../alert-review/review.ts";
import { alertReviewHtml, alertReviewMarkdown, alertReviewText } from "../alert-review/shown.ts";
import { refuseForeignFiles, replaceFolder } from "../artefacts/folder.ts";
import type { Surroundings } from "../command-line/subcommand.ts";
import { EXIT, type Exit } from "../exit.ts";
import { ALERT_REVIEW_FOLDER } from "../folders.ts";
import { paintFor } from "../paint.ts";
import { periodOf, type ReplayFlags } from "../review/replay/targets.ts";

/** How a review of alerts is asked for. */
interface AlertReviewFlags extends Omit<ReplayFlags, "prometheus"> {
  readonly prometheus: string;
  readonly alertmanager?: string;
  /** The alert-review.json of an earlier review. */
  readonly last?: string;
  readonly out?: string;
}

/** Reviews the alerts of a Prometheus, writes the review and prints a summary. */
export async function writeAlertReview(
  { prometheus, alertmanager, last, out, ...period }: AlertReviewFlags,
  { folder, stdout, env }: Surroundings,
): Promise<Exit> {
  const request: AlertReviewRequest = {
    ...periodOf("alert-review", period, folder),
    prometheus,
    alertmanager,
    last: last === undefined ? undefined : lastReview(resolve(folder, last)),
  };
  const outFolder = out === undefined ? ALERT_REVIEW_FOLDER : resolve(folder, out);
  refuseForeignFiles("alert-review", outFolder, [
    "alert-review.md",
    "alert-review.html",
    "alert-review.json",
  ]);
  const review = await reviewAlerts(request, env);
  replaceFolder(
    outFolder,
    new Map([
      ["alert-review.md", alertReviewMarkdown(review)],
      ["alert-review.html", alertReviewHtml(review)],
      ["alert-review.json", `${JSON.stringify(review, null, 2)}\n`],
    ]),
  );
  const page = relative(folder, join(outFolder, "alert-review.html"));
  stdout.write(alertReviewText(review, paintFor(stdout, env), page));
  return EXIT.fine;
}
