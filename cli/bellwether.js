#!/usr/bin/env node
// `npx bellwether`: in this repository the platform's own commands, from their TypeScript; in the npm package, which holds compiled
// JavaScript and no stacks, what teams need in a repository of their own.
import { existsSync } from "node:fs";

const source = new URL("./main.ts", import.meta.url);
if (existsSync(source)) {
  const { register } = await import("tsx/esm/api");
  register();
  await import(source.href);
} else await import(new URL("../dist/cli/team/main.js", import.meta.url).href);
