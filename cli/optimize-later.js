import { setFlagsFromString } from "node:v8";

/**
 * V8 optimizes a function once it has run for a while, which pays in a server that goes on for days. A command ends after seconds: most of what a
 * preview's functions are optimized for is never run again, and compiling them took half of its CPU. The thresholds are some four to eight times
 * V8's own, so that what runs in every loop is still optimized. Measured with Node 20, 22, 24 and 25; a flag that a later V8 does not know would
 * be named on the console and do nothing else.
 */
export function optimizeLater() {
  const [major] = process.versions.v8.split(".");
  const flags =
    Number(major) < 12
      ? ["--interrupt-budget=500000"]
      : ["--invocation-count-for-turbofan=22000", "--invocation-count-for-osr=5600"];
  for (const flag of flags) setFlagsFromString(flag);
}
