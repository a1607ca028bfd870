import { describe, expect, it } from "vitest";
import { tooBroad } from "../../../cli/silences/breadth.ts";
import { matcherOf } from "../../../cli/silences/matcher.ts";

const matchers = (...texts: readonly string[]) =>
  texts.map((text) => matcherOf(text) ?? expect.fail(`${text} is no matcher`));

describe("a condition of a silence", () => {
  it.each([
    ['namespace="shop"', { name: "namespace", value: "shop", isRegex: false, isEqual: true }],
    ['node != "n1"', { name: "node", value: "n1", isRegex: false, isEqual: false }],
    ['pod=~"web-.*"', { name: "pod", value: "web-.*", isRegex: true, isEqual: true }],
    ['job!~"a|b"', { name: "job", value: "a|b", isRegex: true, isEqual: false }],
    ['path="C:\\\\x \\"y\\""', { name: "path", value: 'C:\\x "y"', isRegex: false, isEqual: true }],
  ])("is read from %s", (text, matcher) => {
    expect(matcherOf(text)).toEqual(matcher);
  });

  it.each(["namespace", "namespace=shop", '1a="x"', 'a=~"("', 'a="x" b="y"'])(
    "is not read from %s",
    (text) => {
      expect(matcherOf(text)).toBeUndefined();
    },
  );
});

describe("a silence", () => {
  it.each([
    [['severity="critical"']],
    [['team="shop"', 'environment="prod"']],
    [['alertname=~".+"']],
    [['alertname=~"[A-Z].*"', 'severity="critical"']],
    [['namespace=~".*"']],
    [['service=~".+"']],
    [['namespace!="test"']],
    [['alertname!="DiskFull"', 'severity="critical"']],
    [['alertname=""']],
    [['pod=~"|web"']],
    [['alertname="Watchdog"']],
    [['alertname=~"Watch.*"']],
  ])("that hides everything or the heartbeat is refused: %j", (texts) => {
    expect(tooBroad(matchers(...texts))).toMatch(/^matchers that hide (alerts of every kind|Watchdog)/);
  });

  it.each([
    [['alertname="KubePodCrashLooping"', 'namespace="shop"']],
    [['service="storefront"']],
    [['namespace=~"shop|billing"', 'severity="warning"']],
    [['node=~"ip-10-0-.*"']],
    [['alertname=~"KubePersistentVolume.*"', 'namespace!="monitoring"']],
  ])("about something is not: %j", (texts) => {
    expect(tooBroad(matchers(...texts))).toBeUndefined();
  });
});
