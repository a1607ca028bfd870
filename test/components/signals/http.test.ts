import { describe, expect, it } from "vitest";
import { selectorsOf } from "../../../components/signals/counters.ts";
import { HTTP_CONVENTIONS, httpAvailability, httpSeries } from "../../../components/signals/http.ts";
import { printSelector } from "../../../components/signals/promql.ts";

const TARGET = { job: "storefront", namespace: "shop" };

describe("the availability of an HTTP server", () => {
  it("counts OpenTelemetry's server requests by their status code", () => {
    const { total, errors } = httpAvailability("otel", TARGET);
    expect(printSelector(total)).toBe(
      'http_server_request_duration_seconds_count{job="storefront",namespace="shop"}',
    );
    expect(selectorsOf(errors).map(printSelector)).toEqual([
      'http_server_request_duration_seconds_count{job="storefront",namespace="shop",http_response_status_code=~"5.."}',
    ]);
  });

  it("counts http_requests_total by its code, and without a known one by its status", () => {
    const { total, errors } = httpAvailability("http_requests_total", TARGET);
    expect(printSelector(total)).toBe('http_requests_total{job="storefront",namespace="shop"}');
    const [code, status] = ["code", "status"].map((label) => `${label}!~"[1-5]([0-9][0-9]|xx|XX)"`);
    expect(selectorsOf(errors).map(printSelector)).toEqual([
      'http_requests_total{job="storefront",namespace="shop",code=~"5.."}',
      `http_requests_total{job="storefront",namespace="shop",${code},status=~"5.."}`,
      `http_requests_total{job="storefront",namespace="shop",${code},${status},status_code=~"5.."}`,
    ]);
  });

  it("takes its errors from among its total", () => {
    for (const convention of HTTP_CONVENTIONS) {
      const { total, errors } = httpAvailability(convention, TARGET);
      for (const { metric, matchers } of selectorsOf(errors)) {
        expect(metric).toBe(total.metric);
        expect(matchers.slice(0, total.matchers.length)).toEqual(total.matchers);
      }
    }
  });

  it("has series with a status, as exporters report them", () => {
    expect(printSelector(httpSeries("http_requests_total", 503, TARGET))).toBe(
      'http_requests_total{job="storefront",namespace="shop",code="503"}',
    );
  });
});
