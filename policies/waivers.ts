/**
 * The violations that somebody answers for, until a day. docs/how-to/policies.md says how to write one:
 *
 * { policy: "pinned-image", resource: "legacy-exporter", environment: "staging", owner: "platform",
 *   reason: "The vendor publishes no tags; asked for them in their tracker.", expires: "2027-03-31" }
 *
 * The shape is checked when the pack is loaded, with every mistake named at once.
 */
export const waivers: readonly unknown[] = [];
