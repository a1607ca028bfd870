import { edit, type RepositoryChange, SHOP } from "./change.ts";

/** Changes of services. */
export const CODE_CHANGES: readonly RepositoryChange[] = [
  edit(
    "objective-looser",
    "shop: allow more errors",
    SHOP,
    ['objectives: { availability: "99.9" }', 'objectives: { availability: "99.5" }'],
    /objective availability of storefront: 99\.9% .*→ 99\.5%/,
  ),
  edit(
    "latency-limit",
    "shop: prices may take longer",
    SHOP,
    ['threshold: "50ms"', 'threshold: "100ms"'],
    /objective latency of pricing: limit 50ms → 100ms/,
  ),
];
