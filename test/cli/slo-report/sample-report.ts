import type { SloReport } from "../../../cli/slo-report/result.ts";

/** A report with a row of everything. */
export const REPORT: SloReport = {
  format: 1,
  month: "2026-10",
  from: "2026-10-01T00:00:00.000Z",
  to: "2026-11-01T00:00:00.000Z",
  isOpen: false,
  environment: "prod",
  server: "Prometheus 3.13.0 at http://localhost:9090/",
  errorBudget: { freeze: "releases", openedBy: ["shop", "platform"] },
  teams: [{ team: "shop", objectives: 1, met: 0, mostSpent: 1.3, pages: 1, kept: 0, broken: 1, missed: 1 }],
  objectives: [
    {
      service: "storefront",
      slo: "availability",
      team: "shop",
      percent: 99.9,
      otherPercents: [99.5],
      period: "30d",
      total: 1_234_567,
      errors: 1650,
      spent: 1.34,
      isMet: false,
      excluded: { total: 1000, errors: 50 },
      spentWithout: 1.3,
      isMetWithout: false,
      policy: { spent: 1.1, state: "spent", waits: "releases" },
      windows: [
        {
          from: "2026-10-03T02:00:00.000Z",
          to: "2026-10-03T04:00:00.000Z",
          errors: 1200,
          spent: 0.97,
          alerts: ["SLOErrorBudgetBurnFast", "<b>Odd</b>"],
          maintenance: ["The database moves to another zone."],
        },
      ],
      pages: [
        {
          at: "2026-10-03T02:10:00.000Z",
          began: "2026-10-03T02:05:00.000Z",
          seconds: 300,
          errorRatio: 1,
          promised: 111.84,
          verdict: "broken",
          why: null,
        },
        {
          at: "2026-10-03T03:10:00.000Z",
          began: null,
          seconds: null,
          errorRatio: null,
          promised: null,
          verdict: "not comparable",
          why: "no step before it is above the limit",
        },
      ],
      missed: ["2026-10-09T02:00:00.000Z"],
    },
  ],
  journeys: [
    {
      name: "checkout",
      owner: "shop",
      percent: 99.5,
      parts: "weighted",
      objectives: [
        { service: "storefront", slo: "availability", weight: 3, success: 0.99866 },
        { service: "gone", slo: "availability", weight: 1, success: null },
      ],
      success: null,
      spent: null,
      isMet: null,
    },
  ],
  maintenance: [
    {
      services: ["storefront"],
      start: "2026-10-03T02:00:00.000Z",
      end: "2026-10-03T02:30:00.000Z",
      owner: "platform",
      reason: "The database moves to another zone.",
    },
  ],
};
