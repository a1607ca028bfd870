/**
 * How loud an alert is, everywhere the same: `critical` pages a person, `warning` opens a ticket, `info` is context for
 * other alerts and reaches nobody, `none` is the heartbeat.
 */
export const SEVERITIES = ["critical", "warning", "info", "none"] as const;
export type Severity = (typeof SEVERITIES)[number];
