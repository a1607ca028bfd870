#!/usr/bin/env bash
# library: @hono/prometheus 1.0.3
# with: hono 4.13.19, @hono/node-server 2.1.8, prom-client 15.1.3, Node.js
# asked: ok slow bad fail raise unknown orders hang
set -euo pipefail
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @hono/prometheus@1.0.3 hono@4.13.19 @hono/node-server@2.1.8 prom-client@15.1.3
cat >app.mjs <<'EOF'
import { serve } from "@hono/node-server";
import { prometheus } from "@hono/prometheus";
import { Hono } from "hono";
const later = (ms) => new Promise((done) => setTimeout(done, ms));
const { printMetrics, registerMetrics } = prometheus();
const app = new Hono();
app.use("*", registerMetrics);
app.get("/metrics", printMetrics);
app.get("/ok", (c) => c.text("ok"));
app.get("/slow", async (c) => { await later(1200); return c.text("slow"); });
app.get("/bad", (c) => c.text("bad", 400));
app.get("/fail", (c) => c.text("fail", 503));
app.get("/raise", () => { throw new Error("raised"); });
app.get("/orders/:order", (c) => c.text(c.req.param("order")));
app.get("/hang", async (c) => { await later(2000); return c.text("late"); });
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });
EOF
exec node app.mjs
