import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** A headless Chromium: on Linux the one that an npm package ships, elsewhere the Chrome that is installed. */
export async function launchBrowser(): Promise<Browser> {
  const isLinux = process.platform === "linux";
  return chromium.launch({
    executablePath: isLinux ? await sparticuz.executablePath() : undefined,
    channel: isLinux ? undefined : "chrome",
    // A browser in one process ends when its first page is closed.
    args: sparticuz.args.filter((argument) => !["--single-process", "--no-zygote"].includes(argument)),
  });
}
