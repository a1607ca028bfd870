import { HTTP } from "../http-statuses.ts";
import type { Convention } from "./convention.ts";

/** Its service prometheus-exporter. The label proxy tells backends apart. It has no histogram: a probe sees how long requests take. */
export const haproxy: Convention = {
  library: "HAProxy 2.6.12",
  source: "recorded",
  server: {
    ...HTTP,
    counter: "haproxy_backend_http_responses_total",
    statusLabel: "code",
    known: { form: /[1-5]xx/, inWords: "the class of a status, such as 5xx" },
    statuses: { good: "2xx", bad: "5xx" },
  },
  counts: { raised: "5xx", unknownRoute: "4xx", hangUp: "2xx", hangUpLasts: "none", scrapes: false },
  marks: { labels: ["code", "proxy"] },
};
