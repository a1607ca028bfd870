import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { post } from "./post.mjs";

// What action.yml runs. It reads the inputs and what the runner sets, and ends with 1 and a message if no comment could be written.

const env = process.env;
const token = env["REVIEW_TOKEN"] ?? "";

try {
  const missing = ["REVIEW_TOKEN", "GITHUB_REPOSITORY", "GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH"].filter(
    (name) => !env[name],
  );
  if (missing.length > 0)
    throw new Error(`${missing.join(", ")} must be set: this runs as an action of GitHub`);
  const lines = await post({
    url: env["GITHUB_API_URL"] || "https://api.github.com",
    token,
    folder: env["REVIEW_FOLDER"] || "review",
    author: env["REVIEW_AUTHOR"] || "github-actions[bot]",
    eventName: env["GITHUB_EVENT_NAME"],
    event: JSON.parse(readFileSync(env["GITHUB_EVENT_PATH"], "utf8")),
    repository: env["GITHUB_REPOSITORY"],
    runUrl: `${env["GITHUB_SERVER_URL"]}/${env["GITHUB_REPOSITORY"]}/actions/runs/${env["GITHUB_RUN_ID"]}`,
    sleep: (seconds) => delay(seconds * 1000),
    now: () => Date.now() / 1000,
    say: (line) => console.log(line),
  });
  for (const line of lines) console.log(line);
} catch (error) {
  const text = token === "" ? error.message : error.message.replaceAll(token, "[token]");
  // An annotation is one line; %0A is a line break in it.
  console.log(
    `::error title=No comment of the review::${text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`,
  );
  process.exitCode = 1;
}
