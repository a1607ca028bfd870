/**
 * The severities of alerts: `critical` pages, `warning` opens a ticket, `info` is context for other alerts without a notification, `none`
 * is the heartbeat.
 */
export const SEVERITIES = ["critical", "warning", "info", "none"] as const;
export type Severity = (typeof SEVERITIES)[number];
